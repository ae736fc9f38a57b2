package io.nightshift.runtime.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.JavaCppFailure;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;

/**
 * The oneDNN library and one engine of it. Thread-safe; threads that run kernels make a {@link
 * KernelCache} each.
 *
 * <p>oneDNN's build brings GNU OpenMP, whose threads would spin beside the runner's own. They are
 * not used: each worker thread calls {@link #useCallingThreadOnly()} and then runs its kernels
 * alone.
 */
public final class OneDnn implements AutoCloseable {
  private final String openMpLibrary;
  private final dnnl_engine engine = new dnnl_engine();
  private final Map<PackedFormat.Shape, PackedFormat> packedFormats = new ConcurrentHashMap<>();

  /**
   * Loads the library, once a process, and makes an engine.
   *
   * @throws DeviceException if the library cannot be loaded on this machine
   */
  public OneDnn() {
    openMpLibrary = Library.load().resolveSibling("libgomp.so.1").toString();
    check(dnnl_engine_create(engine, dnnl_cpu, 0), "create an engine");
  }

  /** Whether this CPU multiplies bf16 matrices in hardware (AVX-512 BF16 or AMX). */
  public boolean hasBf16() {
    int wanted = dnnl_cpu_isa_avx512_core_bf16;
    return (dnnl_get_effective_cpu_isa() & wanted) == wanted;
  }

  /** Keeps every kernel that the calling thread runs from now on inside that thread. */
  public void useCallingThreadOnly() {
    SystemLibraries.useOneOpenMpThread(openMpLibrary);
  }

  /** The layout that oneDNN prefers for weights of this shape, asked for once. */
  public PackedFormat packedFormat(int inputs, int outputs, ElementType type) {
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
     * JavaCPP would refuse small allocations once the process holds four times the Java heap,
     * weights and KV cache included. The runner keeps its own limit, so that check is turned off
     * unless it was configured.
     *
     * @return where the library lies; its OpenMP library lies beside it
     */
    static synchronized Path load() {
      if (System.getProperty(PHYSICAL_LIMIT) == null) {
        System.setProperty(PHYSICAL_LIMIT, "0");
      }
      try {
        return Path.of(Loader.load(dnnl.class));
      } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
        throw JavaCppFailure.explain(
            "org.bytedeco:dnnl", Loader.getPlatform(), Loader::getCacheDir, e);
      }
    }
  }
}
