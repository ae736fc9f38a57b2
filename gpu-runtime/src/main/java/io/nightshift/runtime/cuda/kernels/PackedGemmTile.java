package io.nightshift.runtime.cuda.kernels;

import java.util.Comparator;
import java.util.List;

/**
 * The part of a GEMM that a block of {@code packed_gemm.cu} computes at a time.
 *
 * @param warpgroups warpgroups that multiply: 2 to 4
 * @param weightTiles tiles of 64 outputs of a warpgroup
 * @param rows rows of activations: 8, 16, 32, 64, 128, 192 or 256
 */
public record PackedGemmTile(int warpgroups, int weightTiles, int rows) {
  /**
   * Tiles of which others were slower on an H200 (outputs and inputs of models of 8 and 70 billion
   * parameters, 8 to 2,048 rows). Of two with equal rows, the first is generally faster, and the
   * other one for few or for many outputs.
   */
  public static final List<PackedGemmTile> ALL =
      List.of(
          new PackedGemmTile(2, 2, 8),
          new PackedGemmTile(2, 1, 8),
          new PackedGemmTile(2, 2, 16),
          new PackedGemmTile(2, 1, 16),
          new PackedGemmTile(2, 2, 32),
          new PackedGemmTile(3, 1, 64),
          new PackedGemmTile(2, 1, 128),
          new PackedGemmTile(2, 2, 128),
          new PackedGemmTile(2, 1, 192),
          new PackedGemmTile(2, 1, 256));

  /** Unpacking weights once takes about as long as multiplying them by so many rows. */
  private static final int UNPACKING_ROWS = 48;

  private static final int CANDIDATES = 3;

  /** The tiles that are likely to be the fastest for a number of rows, the likeliest first. */
  public static List<PackedGemmTile> candidates(int rows) {
    return ALL.stream()
        .sorted(Comparator.comparingInt(tile -> tile.cost(rows)))
        .limit(CANDIDATES)
        .toList();
  }

  private int cost(int count) {
    return (count + rows - 1) / rows * (rows + UNPACKING_ROWS);
  }

  /** Bytes of the sums of a block. */
  long sumsBytes() {
    return (long) warpgroups * weightTiles * TileFormat.OUTPUTS * rows * Float.BYTES;
  }
}
