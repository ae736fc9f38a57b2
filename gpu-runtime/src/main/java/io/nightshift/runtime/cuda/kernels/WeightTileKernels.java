package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceBuffer;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of {@code weight_tiles.cu}: row-major weights to tiles, and tiles to dense weights.
 */
public final class WeightTileKernels {
  private static final int THREADS = 128;

  /** Tiles that a block unpacks, so that it fills its table for several. */
  private static final int TILES_OF_BLOCK = 8;

  private final CudaStream stream;
  private final KernelArguments arguments;
  private final CudaKernel tile;
  private final CudaKernel untile;

  public WeightTileKernels(KernelLibrary library, CudaStream stream, TileFormat format) {
    this.stream = stream;
    arguments = library.arguments();
    KernelSource source = source(format);
    tile = library.kernel(source, "tile_weights");
    untile = library.kernel(source, "untile_weights");
  }

  /** The kernels' source. */
  public static KernelSource source(TileFormat format) {
    return KernelSource.resource("weight_tiles", format.definitions());
  }

  /**
   * Row-major quantized weights.
   *
   * @param codes bytes {@code [outputs][at least the codes of the inputs]}: two 4-bit codes a byte,
   *     the first one in the lower half, or an 8-bit code
   * @param scales f16 {@code [outputs][groups]}
   * @param offsets f16 {@code [outputs][groups]}; null if all are zero
   * @param groupSize consecutive inputs of a group
   */
  public record RowMajor(
      DeviceMatrix codes, DeviceBuffer scales, @Nullable DeviceBuffer offsets, int groupSize) {}

  /**
   * Stores weights in tiles. Scales and offsets are rounded to bf16, or to f16 if weights are
   * multiplied in e4m3.
   *
   * @param rowScales f32 factors of each output's scales and offsets; null if all are 1
   * @param channelScales e8m0 divisors of each output's weights, which bring them into the range of
   *     e4m3; null if they are multiplied in bf16
   */
  public void tile(
      RowMajor source,
      @Nullable DeviceVector rowScales,
      @Nullable DeviceVector channelScales,
      TiledWeights target) {
    tile.launch(
        stream,
        launch("tile_weights", target, TileFormat.inputTiles(target.inputs())),
        arguments
            .begin()
            .buffer(source.codes())
            .buffer(source.scales())
            .buffer(source.offsets())
            .buffer(rowScales)
            .buffer(channelScales)
            .buffer(target.tiles())
            .integer(target.outputs())
            .integer(target.inputs())
            .integer(source.codes().columns())
            .integer(source.groupSize()));
  }

  /**
   * Unpacks weights to the numbers that {@link PackedGemmKernels} multiplies.
   *
   * @param target {@code [outputs][inputs]}, of bf16 or e4m3 as the source's format says; e4m3 are
   *     divided by their channels' scales
   */
  public void untile(TiledWeights source, DeviceMatrix target) {
    int blocks = (TileFormat.inputTiles(source.inputs()) + TILES_OF_BLOCK - 1) / TILES_OF_BLOCK;
    untile.launch(
        stream,
        launch("untile_weights", source, blocks),
        arguments
            .begin()
            .buffer(source.tiles())
            .buffer(target)
            .integer(source.outputs())
            .integer(source.inputs()));
  }

  private static KernelLaunch launch(String kernel, TiledWeights weights, int blocks) {
    int outputTiles = TileFormat.outputTiles(weights.outputs());
    return new KernelLaunch(kernel, blocks, outputTiles, 1, THREADS, 0);
  }
}
