package io.nightshift.runtime.cuda.gemm;

import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a GEMM: activations {@code [rows][inputs]} times the transpose of weights {@code
 * [outputs][inputs]}, all row-major and dense.
 *
 * @param rows rows of the activations, rounded up by {@link #roundRows}: the GEMM also computes the
 *     rows behind the last one, from whatever they contain
 * @param adds whether the output is added to the target's content (beta is 1) rather than written
 *     over it
 * @param multiplier factor of the products (alpha)
 */
public record Gemm(
    int rows, int inputs, int outputs, GemmType type, boolean adds, float multiplier) {

  /** A GEMM that overwrites its target. */
  public Gemm(int rows, int inputs, int outputs, GemmType type) {
    this(rows, inputs, outputs, type, false, 1);
  }

  /** The same GEMM, added to the target's content. */
  public Gemm adding() {
    return new Gemm(rows, inputs, outputs, type, true, multiplier);
  }

  /** The same GEMM with another factor of the products. */
  public Gemm times(float factor) {
    return new Gemm(rows, inputs, outputs, type, adds, factor);
  }

  /**
   * Rounds a number of rows up to one that GEMMs are run with. Shapes must repeat, since each is
   * timed once, and steps come in all sizes. Multiples of 8 up to 64 rows, of 16 up to 512, and
   * sixteen sizes for each power of two above, which adds a sixteenth at most.
   */
  public static int roundRows(int rows) {
    int unit = rows <= 64 ? 8 : Math.max(16, Integer.highestOneBit(rows - 1) / 16);
    return (rows + unit - 1) / unit * unit;
  }

  /** All numbers to which {@link #roundRows} rounds 1 to {@code maxRows} rows. */
  public static List<Integer> roundedRows(int maxRows) {
    List<Integer> sizes = new ArrayList<>();
    for (int rows = roundRows(1); rows <= roundRows(maxRows); rows = roundRows(rows + 1)) {
      sizes.add(rows);
    }
    return sizes;
  }

  @Override
  public String toString() {
    return "%s [%s, %s] x [%s, %s]'%s%s"
        .formatted(
            type,
            rows,
            inputs,
            outputs,
            inputs,
            multiplier == 1 ? "" : " times " + multiplier,
            adds ? " added to its target" : "");
  }
}
