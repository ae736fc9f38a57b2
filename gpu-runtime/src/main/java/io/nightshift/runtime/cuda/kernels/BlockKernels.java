package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import org.jspecify.annotations.Nullable;

/** The kernel of {@code blocks.cu}: copies of KV cache blocks, of all layers of a group. */
public final class BlockKernels {
  private static final int THREADS = 128;

  private final CudaStream stream;
  private final KernelArguments arguments;
  private final KeyValueCacheLayout layout;
  private final CudaKernel copyBlocks;

  public BlockKernels(KernelLibrary library, CudaStream stream, KeyValueCacheLayout layout) {
    this.stream = stream;
    this.layout = layout;
    arguments = library.arguments();
    copyBlocks =
        library.kernel(KernelSource.resource("blocks", layout.definitions()), "copy_blocks");
  }

  /**
   * Copies the first tokens of blocks to other blocks.
   *
   * @param elements the KV cache of a group: {@code [planes * blocks * keyValueHeads *
   *     blockSize][headStride]}, with a plane for the keys and one for the values of each layer
   * @param scales an f32 for each row of the KV cache; null with bf16
   * @param copies int {@code [copies][3]}: source block, target block, and number of tokens
   * @param planes twice the number of the group's layers
   */
  public void copyBlocks(
      DeviceMatrix elements, @Nullable DeviceVector scales, DeviceMatrix copies, int planes) {
    long blocks = elements.rows() / planes / layout.rows(1);
    copyBlocks.launch(
        stream,
        new KernelLaunch(
            "copy_blocks", copies.rowCount(), planes, layout.keyValueHeads(), THREADS, 0),
        arguments
            .begin()
            .buffer(elements)
            .buffer(scales)
            .buffer(copies)
            .integer(Math.toIntExact(blocks))
            .integer(layout.keyValueHeads()));
  }
}
