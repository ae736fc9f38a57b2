package io.nightshift.runtime.cuda.kernels;

/**
 * One piece of a step's attention: some query tokens against a range of a context. The kernel does
 * it once for each key and value head.
 *
 * @param firstRow index of its first row in {@link AttentionPlan#rows()}
 * @param rowCount query tokens
 * @param blockTable index in {@link AttentionPlan#blockTables()} of the block of context token 0
 * @param begin first context token
 * @param end context token behind the last
 * @param unmaskedBegin first context token that all rows see
 * @param unmaskedEnd context token behind the last that all rows see
 * @param firstPartial where the partial results of the rows go; -1 where the piece is all that its
 *     rows see
 */
record AttentionPiece(
    int firstRow,
    int rowCount,
    int blockTable,
    int begin,
    int end,
    int unmaskedBegin,
    int unmaskedEnd,
    int firstPartial) {

  /** Ints of a piece in the kernel's list. */
  static final int INTS = 8;

  int length() {
    return end - begin;
  }

  /** The part of this piece between two context tokens. */
  AttentionPiece part(int from, int to, int partial) {
    return new AttentionPiece(
        firstRow, rowCount, blockTable, from, to, unmaskedBegin, unmaskedEnd, partial);
  }

  void writeTo(IntList list) {
    list.add(firstRow, rowCount, blockTable, begin, end, unmaskedBegin, unmaskedEnd, firstPartial);
  }
}
