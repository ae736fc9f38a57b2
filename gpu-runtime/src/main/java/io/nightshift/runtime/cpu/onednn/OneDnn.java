package io.nightshift.runtime.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.JavaCppFailure;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;

/**
 * The oneDNN library and a CPU engine. Thread-safe; each thread that runs kernels needs a {@link
 * KernelCache} of its own.
 *
 * <p>oneDNN is built with GNU OpenMP, whose threads would compete with the runner's own. Each
 * worker thread therefore calls {@link #useCallingThreadOnly()} before it runs kernels.
 */
public final class OneDnn implements AutoCloseable {
  private final String library;
  private final dnnl_engine engine = new dnnl_engine();
  private final Map<PackedFormat.Shape, PackedFormat> packedFormats = new ConcurrentHashMap<>();

  /**
   * Loads the library, once per process, and creates an engine.
   *
   * @throws DeviceException if the library cannot be loaded on this machine
   */
  public OneDnn() {
    library = Library.load();
    check(dnnl_engine_create(engine, dnnl_cpu, 0), "create an engine");
  }

  /** Whether this CPU multiplies bf16 matrices in hardware (AVX-512 BF16 or AMX). */
  public boolean hasBf16() {
    int wanted = dnnl_cpu_isa_avx512_core_bf16;
    return (dnnl_get_effective_cpu_isa() & wanted) == wanted;
  }

  /**
   * Whether GEMMs with {@link MatMul.QuantizedWeights} are fast on this CPU. On those without AVX2
   * they are computed by oneDNN's reference implementation.
   */
  public boolean unpacksWeights() {
    return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx2) == dnnl_cpu_isa_avx2;
  }

  /** Makes all kernels that the calling thread runs from now on use only that thread. */
  public void useCallingThreadOnly() {
    SystemLibraries.useOneOpenMpThread(library);
  }

  /** The layout that oneDNN prefers for weights of this shape. */
  public PackedFormat packedFormat(int inputs, int outputs, MatMulType type) {
    return packedFormats.computeIfAbsent(
        new PackedFormat.Shape(inputs, outputs, type), shape -> new PackedFormat(this, shape));
  }

  dnnl_engine engine() {
    return engine;
  }

  @Override
  public void close() {
    packedFormats.values().forEach(PackedFormat::close);
    packedFormats.clear();
    dnnl_engine_destroy(engine);
  }

  static void check(int status, String what) {
    if (status != dnnl_success) {
      throw new DeviceException(
          "oneDNN could not " + what + ": " + dnnl.status.values()[status].name());
    }
  }

  private static final class Library {
    private static final String PHYSICAL_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

    private Library() {}

    /**
     * Loads the library. By default, JavaCPP refuses allocations once the process uses four times
     * the maximum Java heap, weights and KV cache included. The runner has a memory limit of its
     * own, so this check is disabled unless it is configured.
     *
     * @return path of the JNI library, which depends on oneDNN
     */
    static synchronized String load() {
      if (System.getProperty(PHYSICAL_LIMIT) == null) {
        System.setProperty(PHYSICAL_LIMIT, "0");
      }
      try {
        return Loader.load(dnnl.class);
      } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
        throw JavaCppFailure.explain(
            "org.bytedeco:dnnl", Loader.getPlatform(), Loader::getCacheDir, e);
      }
    }
  }
}
