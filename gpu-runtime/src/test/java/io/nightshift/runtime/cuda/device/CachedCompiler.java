package io.nightshift.runtime.cuda.device;

import java.nio.file.Path;

/** The compiler that {@code tools/cuda-compiler} has fetched. */
public final class CachedCompiler {
  private CachedCompiler() {}

  public static KernelCompiler open() {
    String cache = System.getenv("NIGHTSHIFT_CACHE");
    Path folder =
        cache == null
            ? Path.of(System.getProperty("user.home"), ".cache", "nightshift")
            : Path.of(cache);
    Path root = folder.resolve("cuda-compiler-13.0.88/nvidia/cu13");
    CudaToolkit toolkit = CudaToolkit.in(root);
    if (toolkit == null) {
      throw new AssertionError("no CUDA compiler in " + root + ": run tools/cuda-compiler");
    }
    return new KernelCompiler(toolkit);
  }
}
