package io.nightshift.runtime.cuda.gemm;

/**
 * The shape of a product of activations {@code [rows][inputs]} with the transpose of weights {@code
 * [outputs][inputs]}, all row-major and dense.
 *
 * @param rows of the activations, rounded by {@link #roundRows}: a product computes the rows behind
 *     the last one too, from whatever lies there
 */
public record MatMul(int rows, int inputs, int outputs, MatMulType type) {

  /**
   * Rows of the next larger product that is used: shapes must repeat, since each is timed once, and
   * steps come in all sizes. Adds at most an eighth above 64 rows, and a sixteenth above 1,024.
   */
  public static int roundRows(int rows) {
    int unit = 8;
    if (rows > 64) {
      unit = Math.max(16, Integer.highestOneBit(rows - 1) / (rows > 1024 ? 16 : 8));
    }
    return (rows + unit - 1) / unit * unit;
  }

  @Override
  public String toString() {
    return "%s [%d, %d] x [%d, %d]'".formatted(type, rows, inputs, outputs, inputs);
  }
}
