package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of {@code staging.cu}: between blocks of the KV cache, which are a row in each plane
 * of their group, and a contiguous staging buffer, where a block is as in host memory: {@code
 * [plane][elements]}, then {@code [plane][scales]}.
 */
public final class StagingKernels {
  private static final int THREADS = 256;
  private static final int MOST_THREAD_BLOCKS = 64;

  private final KernelArguments arguments;
  private final KeyValueCacheLayout layout;
  private final CudaKernel gatherBlocks;
  private final CudaKernel scatterBlocks;

  public StagingKernels(KernelLibrary library, KeyValueCacheLayout layout) {
    this.layout = layout;
    arguments = library.arguments();
    KernelSource source = KernelSource.resource("staging", Map.of());
    gatherBlocks = library.kernel(source, "gather_blocks");
    scatterBlocks = library.kernel(source, "scatter_blocks");
  }

  /**
   * Copies blocks from the KV cache to a staging buffer.
   *
   * @param elements the KV cache of a group: {@code [planes * blocks * keyValueHeads *
   *     blockSize][headStride]}
   * @param scales an f32 for each row of the KV cache; null with bf16
   * @param planes twice the number of the group's layers
   * @param blocks at least one; offsets are multiples of 16
   * @param staging device address of the staging buffer
   */
  public void gather(
      CudaStream stream,
      DeviceMatrix elements,
      @Nullable DeviceVector scales,
      int planes,
      StagedBlocks blocks,
      long staging) {
    launch(gatherBlocks, "gather_blocks", stream, elements, scales, planes, blocks, staging);
  }

  /** Copies blocks from a staging buffer to the KV cache; parameters as for {@link #gather}. */
  public void scatter(
      CudaStream stream,
      DeviceMatrix elements,
      @Nullable DeviceVector scales,
      int planes,
      StagedBlocks blocks,
      long staging) {
    launch(scatterBlocks, "scatter_blocks", stream, elements, scales, planes, blocks, staging);
  }

  private void launch(
      CudaKernel kernel,
      String name,
      CudaStream stream,
      DeviceMatrix elements,
      @Nullable DeviceVector scales,
      int planes,
      StagedBlocks blocks,
      long staging) {
    int rows = blocks.count() * planes;
    kernel.launch(
        stream,
        new KernelLaunch(name, Math.min(MOST_THREAD_BLOCKS, rows), 1, 1, THREADS, 0),
        arguments
            .begin()
            .buffer(elements)
            .address(elements.bytes() / planes)
            .integer(Math.toIntExact(layout.blockElementBytes()))
            .buffer(scales)
            .address(scales == null ? 0 : scales.bytes() / planes)
            .integer(Math.toIntExact(layout.blockScaleBytes()))
            .integer(planes)
            .integers(blocks.values())
            .integer(blocks.count())
            .address(staging));
  }
}
