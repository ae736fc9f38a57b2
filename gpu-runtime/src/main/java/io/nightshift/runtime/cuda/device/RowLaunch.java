package io.nightshift.runtime.cuda.device;

/** Geometry of kernels with one block a row; {@code rowThreads} of common.cuh computes the same. */
public final class RowLaunch {
  private static final int WARP = 32;
  private static final int MAX_THREADS = 256;

  private RowLaunch() {}

  /**
   * The launch for so many rows.
   *
   * @param columns of a row, as the kernel was compiled for
   */
  public static KernelLaunch of(String kernel, int rows, int columns) {
    int width = Math.min(8, Integer.lowestOneBit(columns));
    int vectors = columns / width;
    int vectorsPerThread = roundedUp(vectors, MAX_THREADS);
    int threads = roundedUp(roundedUp(vectors, vectorsPerThread), WARP) * WARP;
    return KernelLaunch.of(kernel, rows, threads);
  }

  private static int roundedUp(int value, int divisor) {
    return (value + divisor - 1) / divisor;
  }
}
