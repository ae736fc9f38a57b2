package io.nightshift.runtime.cuda.gemm;

import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a product of activations {@code [rows][inputs]} with the transpose of weights {@code
 * [outputs][inputs]}, all row-major and dense.
 *
 * @param rows of the activations, rounded by {@link #roundRows}: a product computes the rows behind
 *     the last one too, from whatever lies there
 * @param adds whether it is added to what the target holds, in place of being written over it
 */
public record Gemm(int rows, int inputs, int outputs, GemmType type, boolean adds) {

  /** A product that is written over what the target holds. */
  public Gemm(int rows, int inputs, int outputs, GemmType type) {
    this(rows, inputs, outputs, type, false);
  }

  /** The same, added to what the target holds. */
  public Gemm adding() {
    return new Gemm(rows, inputs, outputs, type, true);
  }

  /**
   * Rows of the next larger product that is used: shapes must repeat, since each is timed once, and
   * steps come in all sizes. Multiples of 8 up to 64 rows, of 16 up to 512, and above sixteen sizes
   * to each power of two, which adds a sixteenth at most.
   */
  public static int roundRows(int rows) {
    int unit = rows <= 64 ? 8 : Math.max(16, Integer.highestOneBit(rows - 1) / 16);
    return (rows + unit - 1) / unit * unit;
  }

  /** All that {@link #roundRows} gives for up to {@code most} rows. */
  public static List<Integer> roundedRows(int most) {
    List<Integer> sizes = new ArrayList<>();
    for (int rows = roundRows(1); rows <= roundRows(most); rows = roundRows(rows + 1)) {
      sizes.add(rows);
    }
    return sizes;
  }

  @Override
  public String toString() {
    return "%s [%s, %s] x [%s, %s]'%s"
        .formatted(type, rows, inputs, outputs, inputs, adds ? " added to its target" : "");
  }
}
