package io.nightshift.runtime.cuda.kernels;

import java.util.List;

/**
 * The attention of one step as lists of ints, whose layout {@code attention.cu} describes. Made by
 * {@link AttentionPlanner}.
 *
 * @param pieces for each of {@link AttentionShape#HEIGHTS} a list of pieces of {@link #PIECE_INTS}
 *     ints, the longest first
 * @param rows rows of {@link #ROW_INTS} ints
 * @param treeMasks bit sets of token trees
 * @param blockTables the sequences' block tables in the group of the plan, concatenated. They
 *     follow those in the groups before, where the indices of pieces count from
 * @param merges how partial results are merged
 */
public record AttentionPlan(
    List<int[]> pieces, int[] rows, int[] treeMasks, int[] blockTables, Merges merges) {

  /** Ints of a piece. */
  public static final int PIECE_INTS = AttentionPiece.INTS;

  /** Ints of a row. */
  public static final int ROW_INTS = 4;

  /** Ints of a merge. */
  public static final int MERGE_INTS = 4;

  /**
   * Query tokens that are in more than one piece.
   *
   * @param list merges of {@link #MERGE_INTS} ints; empty if there are none
   * @param sources indices of the partial results of the merges
   * @param partials number of partial results, each of all heads of a query token
   */
  public record Merges(int[] list, int[] sources, int partials) {

    public int count() {
      return list.length / MERGE_INTS;
    }
  }

  /** Number of pieces of the {@code index}-th of {@link AttentionShape#HEIGHTS}. */
  public int pieceCount(int index) {
    return pieces.get(index).length / PIECE_INTS;
  }
}
