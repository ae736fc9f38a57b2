package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.model.CodeType;
import java.util.Map;

/**
 * How quantized weights are stored in the tiles of {@code packed_tiles.cuh}. The constants must
 * equal those of the source.
 *
 * @param codes what codes stand for
 * @param groupSize inputs of a group in a tile: 16, 32, 64 or 128
 * @param fp8 whether weights are multiplied in e4m3, otherwise in bf16
 */
public record TileFormat(CodeType codes, int groupSize, boolean fp8) {
  /** Outputs of a tile. */
  public static final int OUTPUTS = 64;

  /** Inputs of a tile. */
  static final int INPUTS = 128;

  private static final int TABLE_BYTES = 256 * 32 * Integer.BYTES;
  private static final int GROUP_BYTES = OUTPUTS * 2 * Short.BYTES;

  /**
   * Rows of matrices that the tensor memory accelerator reads are multiples of so many elements.
   */
  private static final int INPUT_UNIT = 16;

  private static final int MMA_INPUTS_BF16 = 16;
  private static final int MMA_INPUTS_FP8 = 32;

  /**
   * @throws IllegalArgumentException unless tiles have whole groups of whole MMAs
   */
  public TileFormat {
    if (groupSize < leastGroup(fp8) || groupSize != inTile(groupSize)) {
      throw new IllegalArgumentException(
          "groups of %s inputs; tiles have 32, 64 or 128, or 16 if weights are multiplied in bf16"
              .formatted(groupSize));
    }
  }

  /**
   * Whether weights can be stored in tiles.
   *
   * @param groupSize consecutive inputs of a group
   */
  public static boolean fits(int groupSize, boolean fp8, int outputs, int inputs) {
    return inTile(groupSize) >= leastGroup(fp8) && inputs % INPUT_UNIT == 0 && outputs % 2 == 0;
  }

  /**
   * The format for groups of any size that {@link #fits}. They are cut into those of a tile.
   *
   * @param groupSize consecutive inputs of a group
   */
  public static TileFormat of(CodeType codes, int groupSize, boolean fp8) {
    return new TileFormat(codes, inTile(groupSize), fp8);
  }

  private static int inTile(int groupSize) {
    return Math.min(Integer.lowestOneBit(groupSize), INPUTS);
  }

  private static int leastGroup(boolean fp8) {
    return fp8 ? MMA_INPUTS_FP8 : MMA_INPUTS_BF16;
  }

  /** Bytes of a tile. */
  int tileBytes() {
    return OUTPUTS * INPUTS * codes.bits() / Byte.SIZE + INPUTS / groupSize * GROUP_BYTES;
  }

  /** Bytes of the table in shared memory by which codes are unpacked. */
  int tableBytes() {
    return codes == CodeType.E2M1 || codes == CodeType.IQ4 ? TABLE_BYTES : 0;
  }

  /** Bytes of the tiles of a matrix. */
  public long bytes(int outputs, int inputs) {
    return (long) outputTiles(outputs) * inputTiles(inputs) * tileBytes();
  }

  static int outputTiles(int outputs) {
    return (outputs + OUTPUTS - 1) / OUTPUTS;
  }

  static int inputTiles(int inputs) {
    return (inputs + INPUTS - 1) / INPUTS;
  }

  /** Macros of the sources that include {@code packed_tiles.cuh}. */
  public Map<String, Integer> definitions() {
    return Map.of(
        "CODE_TYPE", codes.ordinal(), "GROUP_SIZE", groupSize, "OPERANDS_E4M3", fp8 ? 1 : 0);
  }
}
