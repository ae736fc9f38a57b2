package io.nightshift.runtime.cuda;

import java.nio.file.Path;

/** Folder of a machine for compiled kernels and for the fastest GEMM algorithms. */
final class CudaCacheFolder {
  private CudaCacheFolder() {}

  /**
   * The folder {@code cuda} in the one that the environment variable {@code NIGHTSHIFT_CACHE}
   * names, or else in {@code ~/.cache/nightshift}.
   */
  static Path ofThisMachine() {
    String named = System.getenv("NIGHTSHIFT_CACHE");
    return named == null
        ? Path.of(System.getProperty("user.home"), ".cache", "nightshift", "cuda")
        : Path.of(named, "cuda");
  }
}
