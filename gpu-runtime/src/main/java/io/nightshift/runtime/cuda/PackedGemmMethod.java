package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.kernels.PackedGemmTile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a GEMM of packed weights is computed. Its text is what {@link #parse} reads. */
sealed interface PackedGemmMethod {

  /** Weights are unpacked, and multiplied by cuBLASLt: the one way for those not in tiles. */
  record Unpacked() implements PackedGemmMethod {
    @Override
    public String toString() {
      return "UNPACKED";
    }
  }

  /**
   * Weights in tiles are multiplied as they are packed.
   *
   * @param nanoseconds time of the GEMM, between others like it
   */
  record Fused(PackedGemmTile tile, long nanoseconds) implements PackedGemmMethod {
    @Override
    public String toString() {
      return "FUSED %s %s %s %s"
          .formatted(tile.warpgroups(), tile.weightTiles(), tile.rows(), nanoseconds);
    }
  }

  /**
   * Reads a method.
   *
   * @throws IllegalArgumentException if the text is none, or has a tile that is not one of {@link
   *     PackedGemmTile#ALL}
   */
  static PackedGemmMethod parse(String text) {
    if (text.equals(new Unpacked().toString())) {
      return new Unpacked();
    }
    Matcher fused = Pattern.compile("FUSED (\\d) (\\d) (\\d{1,3}) (\\d{1,18})").matcher(text);
    if (!fused.matches()) {
      throw new IllegalArgumentException("no method of a packed GEMM: " + text);
    }
    PackedGemmTile tile =
        new PackedGemmTile(
            Integer.parseInt(fused.group(1)),
            Integer.parseInt(fused.group(2)),
            Integer.parseInt(fused.group(3)));
    if (!PackedGemmTile.ALL.contains(tile)) {
      throw new IllegalArgumentException("unknown " + tile);
    }
    return new Fused(tile, Long.parseLong(fused.group(4)));
  }
}
