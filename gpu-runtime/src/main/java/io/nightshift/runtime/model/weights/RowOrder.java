package io.nightshift.runtime.model.weights;

/** Order of a tensor's rows in its file. */
@FunctionalInterface
public interface RowOrder {

  /** Hugging Face's order. */
  RowOrder AS_STORED = row -> row;

  /** Index in the file of the row with index {@code row} in Hugging Face's order. */
  int storedRow(int row);

  /** Every {@code step}th row of the file, from row {@code first} on. */
  static RowOrder strided(int first, int step) {
    return row -> first + row * step;
  }

  /**
   * The order of query and key rows for interleaved rotary embedding: in each head, the rows of a
   * rotated pair, {@code i} and {@code i + headSize / 2} in Hugging Face's order, are adjacent.
   * GGUF files of the {@code llama} architecture have this order.
   */
  static RowOrder interleavedPairs(int headSize) {
    int pairs = headSize / 2;
    return row -> {
      int rowInHead = row % headSize;
      return row - rowInHead + 2 * (rowInHead % pairs) + rowInHead / pairs;
    };
  }
}
