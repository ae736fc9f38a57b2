package io.nightshift.runtime.cuda.device;

import static io.nightshift.runtime.cuda.device.CudaCalls.check;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;

/** The kernels of a device, which are compiled once and loaded on first use. */
public final class KernelLibrary implements AutoCloseable {
  private final CudaDevice device;
  private final KernelCompiler compiler;
  private final CubinCache cache;
  private final Map<KernelSource, CUmod_st> modules = new HashMap<>();
  private final KernelArguments arguments = new KernelArguments();

  /**
   * Finds the compiler, without compiling anything.
   *
   * @param cacheFolder folder for compiled kernels
   */
  public KernelLibrary(CudaDevice device, Path cacheFolder) {
    this.device = device;
    compiler = new KernelCompiler(CudaToolkit.find());
    cache = new CubinCache(cacheFolder);
  }

  /**
   * Gets a kernel, and compiles and loads its source on first use.
   *
   * @param function name of an {@code extern "C"} kernel of the source
   * @throws io.nightshift.runtime.runner.DeviceException if the source does not compile or has no
   *     such kernel
   */
  public CudaKernel kernel(KernelSource source, String function) {
    CUmod_st module = modules.computeIfAbsent(source, this::load);
    CUfunc_st handle = new CUfunc_st();
    check(
        cudart.cuModuleGetFunction(handle, module, function),
        device,
        "cuModuleGetFunction(" + function + " of " + source.name() + ")");
    return new CudaKernel(device, handle);
  }

  /** The parameters of the next launch of any of the kernels: one thread launches them all. */
  public KernelArguments arguments() {
    return arguments;
  }

  /** Compiles sources that are not in the cache, several at a time. */
  public void compile(List<KernelSource> sources) {
    sources.parallelStream().forEach(this::machineCode);
  }

  private byte[] machineCode(KernelSource source) {
    String architecture = device.architecture();
    return cache.get(
        source, architecture, compiler.version(), () -> compiler.compile(source, architecture));
  }

  private CUmod_st load(KernelSource source) {
    byte[] cubin = machineCode(source);
    CUmod_st module = new CUmod_st();
    try (BytePointer image = new BytePointer(cubin)) {
      check(
          cudart.cuModuleLoadData(module, image),
          device,
          "cuModuleLoadData(" + source.name() + " for " + device.architecture() + ")");
    }
    return module;
  }

  @Override
  public void close() {
    modules.values().forEach(cudart::cuModuleUnload);
    modules.clear();
    arguments.close();
  }
}
