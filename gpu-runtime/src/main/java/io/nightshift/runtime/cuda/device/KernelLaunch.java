package io.nightshift.runtime.cuda.device;

/**
 * The geometry of one kernel launch.
 *
 * @param kernel name of the {@code extern "C"} function
 * @param gridX blocks in the first dimension
 * @param gridY blocks in the second dimension
 * @param gridZ blocks in the third dimension
 * @param threads threads of a block
 * @param sharedBytes bytes of dynamic shared memory of a block; {@link CudaKernel} raises the limit
 *     if they exceed 48 KiB
 */
public record KernelLaunch(
    String kernel, int gridX, int gridY, int gridZ, int threads, int sharedBytes) {

  /** A launch in one dimension without dynamic shared memory. */
  public static KernelLaunch of(String kernel, int grid, int threads) {
    return new KernelLaunch(kernel, grid, 1, 1, threads, 0);
  }

  /** A launch with one thread for each of {@code count} items, in blocks of {@code threads}. */
  public static KernelLaunch forItems(String kernel, long count, int threads) {
    return of(kernel, Math.toIntExact((count + threads - 1) / threads), threads);
  }
}
