package io.nightshift.runtime.cuda.kernels;

import java.util.List;

/**
 * The attention of one step as the kernels of {@code attention.cu} read it; the package's
 * documentation says what the ints are. Made by {@link AttentionPlanner}.
 *
 * @param pieces for each of {@link AttentionShape#HEIGHTS} a list of pieces, 8 ints each, the
 *     longest first
 * @param rows 4 ints each
 * @param treeMasks bit sets of token trees
 * @param blockTables the sequences' block tables, one behind the other
 * @param merges 4 ints each; empty where no query token is in more than one piece
 * @param mergeSources partial results of the merges
 * @param partials partial results, each of all heads of a query token
 */
public record AttentionPlan(
    List<int[]> pieces,
    int[] rows,
    int[] treeMasks,
    int[] blockTables,
    int[] merges,
    int[] mergeSources,
    int partials) {

  /** Ints of a piece. */
  public static final int PIECE_INTS = AttentionPiece.INTS;

  /** Ints of a row. */
  public static final int ROW_INTS = 4;

  /** Ints of a merge. */
  public static final int MERGE_INTS = 4;

  /** Pieces of the {@code index}-th of {@link AttentionShape#HEIGHTS}. */
  public int pieceCount(int index) {
    return pieces.get(index).length / PIECE_INTS;
  }

  public int mergeCount() {
    return merges.length / MERGE_INTS;
  }
}
