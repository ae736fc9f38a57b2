package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.KernelLaunch;

/**
 * Geometry of kernels with a block for each row, as {@code rowThreads} of common.cuh computes it.
 */
public final class RowLaunch {
  private static final int WARP = 32;
  private static final int MAX_THREADS = 256;

  private RowLaunch() {}

  /**
   * The launch for so many rows.
   *
   * @param columns elements of a row, for which the kernel is compiled
   */
  public static KernelLaunch of(String kernel, int rows, int columns) {
    int width = Math.min(8, Integer.lowestOneBit(columns));
    int vectors = columns / width;
    int vectorsPerThread = divideUp(vectors, MAX_THREADS);
    int threads = divideUp(divideUp(vectors, vectorsPerThread), WARP) * WARP;
    return KernelLaunch.of(kernel, rows, threads);
  }

  private static int divideUp(int value, int divisor) {
    return (value + divisor - 1) / divisor;
  }
}
