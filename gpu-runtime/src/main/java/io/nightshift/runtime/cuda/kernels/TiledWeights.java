package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceVector;

/**
 * Quantized weights {@code [outputs][inputs]} in device memory, in the order in which {@code
 * packed_gemm.cu} multiplies them.
 *
 * @param tiles bytes {@code [tiles of outputs][tiles of inputs][bytes of a tile]}
 */
public record TiledWeights(TileFormat format, int outputs, int inputs, DeviceVector tiles) {

  /**
   * Outputs {@code first} to {@code first + count - 1}.
   *
   * @throws IllegalArgumentException unless the first output begins a tile
   * @throws IndexOutOfBoundsException if the weights do not have them
   */
  public TiledWeights outputs(int first, int count) {
    if (first % TileFormat.OUTPUTS != 0) {
      throw new IllegalArgumentException(
          "outputs from %s; tiles have %s".formatted(first, TileFormat.OUTPUTS));
    }
    return new TiledWeights(
        format,
        count,
        inputs,
        tiles.slice(format.bytes(first, inputs), format.bytes(count, inputs)));
  }
}
