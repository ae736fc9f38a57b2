package io.nightshift.runtime.cuda.kernels;

/**
 * One piece of a step's attention: some query tokens against a range of a context. The kernel
 * computes it once for each key and value head.
 *
 * @param firstRow index of its first row in {@link AttentionPlan#rows()}
 * @param rowCount number of query tokens
 * @param blockTable index, among the block tables of all groups, of the block of context token 0
 * @param context the context tokens
 * @param unmasked the context tokens that all rows see
 * @param firstPartial index of the partial result of the first row; -1 if the piece is all that its
 *     rows see
 */
record AttentionPiece(
    int firstRow,
    int rowCount,
    int blockTable,
    TokenRange context,
    TokenRange unmasked,
    int firstPartial) {

  /** Ints of a piece in the kernel's list. */
  static final int INTS = 8;

  /** In place of the index of a partial result. */
  static final int NO_PARTIAL = -1;

  /**
   * A range of context tokens.
   *
   * @param begin the first token
   * @param end the token behind the last
   */
  record TokenRange(int begin, int end) {}

  /** A piece that has all that its rows see. */
  static AttentionPiece whole(
      int firstRow, int rowCount, int blockTable, TokenRange context, TokenRange unmasked) {
    return new AttentionPiece(firstRow, rowCount, blockTable, context, unmasked, NO_PARTIAL);
  }

  int begin() {
    return context.begin();
  }

  int end() {
    return context.end();
  }

  /** Number of context tokens. */
  int length() {
    return end() - begin();
  }

  /** The part of this piece between two context tokens. */
  AttentionPiece part(int from, int to, int partial) {
    return new AttentionPiece(
        firstRow, rowCount, blockTable, new TokenRange(from, to), unmasked, partial);
  }

  void writeTo(IntList list) {
    list.add(firstRow, rowCount, blockTable, begin(), end());
    list.add(unmasked.begin(), unmasked.end(), firstPartial);
  }
}
