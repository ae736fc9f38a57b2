package io.nightshift.runtime.model.weights;

/** Where the rows of a tensor lie in its file. */
@FunctionalInterface
public interface RowOrder {

  /** Rows lie in the file in Hugging Face's order. */
  RowOrder AS_STORED = row -> row;

  /** Index in the file of the row that Hugging Face's order has at {@code row}. */
  int storedRow(int row);

  /**
   * The order of query and key rows that are laid out for interleaved rotary embedding: within each
   * head, the rows of a rotated pair, {@code i} and {@code i + headSize / 2} in Hugging Face's
   * order, lie beside each other. GGUF files of the {@code llama} architecture are written so.
   */
  static RowOrder interleavedPairs(int headSize) {
    int pairs = headSize / 2;
    return row -> {
      int rowInHead = row % headSize;
      return row - rowInHead + 2 * (rowInHead % pairs) + rowInHead / pairs;
    };
  }
}
