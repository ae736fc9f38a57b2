package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * The part of one sequence that a step computes: {@code tokens.length} query tokens at the end of a
 * context of {@code contextLength} tokens. In group {@code g} of the KV cache, context token {@code
 * i} is in slot {@code blocks(g)[i / blockSize] * blockSize + i % blockSize}; the query tokens are
 * context tokens {@code contextLength - tokens.length} and following, and this step writes their
 * keys and values.
 *
 * <p>Without a tree, query token {@code q} has position {@code contextLength - tokens.length + q}
 * and attends to all context tokens up to itself (or the sliding window).
 *
 * <p>With a tree (Miao et al., "SpecInfer", 2023), the last {@code treeParents.length} query tokens
 * are the nodes of a token tree after the ordinary ones. {@code treeParents[n]} is the index of
 * node n's parent among the nodes, less than n, or -1 if the parent is the last token before the
 * tree. A node attends to every context token before the tree, to its ancestors and to itself; its
 * position is its parent's plus one. The contents of the slots of the nodes are undefined after the
 * step.
 *
 * @param tokens query token ids, at least one; {@link #sampledBefore} for a token that the step in
 *     flight samples
 * @param contextLength number of context tokens at the end of the step, query tokens included
 * @param blockTables block table of each {@link BlockGroup}, or one that all of them have in
 *     common; covers at least {@code contextLength} tokens. {@link #FREED} where neither a query
 *     token of this step sees the block, nor one of a later step
 * @param treeParents parents of the last query tokens; null if there is no tree
 * @param longContext whether rotary embeddings have the factors of long sequences, in all steps of
 *     the sequence ({@link ModelConfig#isLongContext})
 */
public record StepSequence(
    int[] tokens,
    int contextLength,
    int[][] blockTables,
    int @Nullable [] treeParents,
    boolean longContext) {

  /** Instead of the number of a block that has been freed. */
  public static final int FREED = -1;

  /** A sequence with one block table for all groups, and with the usual rotary factors. */
  public StepSequence(int[] tokens, int contextLength, int[] blocks, int @Nullable [] treeParents) {
    this(tokens, contextLength, blocks, treeParents, false);
  }

  /** A sequence with one block table for all groups. */
  public StepSequence(
      int[] tokens,
      int contextLength,
      int[] blocks,
      int @Nullable [] treeParents,
      boolean longContext) {
    this(tokens, contextLength, new int[][] {blocks}, treeParents, longContext);
  }

  /** The block table of a group. */
  public int[] blocks(int group) {
    return blockTables[blockTables.length == 1 ? 0 : group];
  }

  /**
   * Placeholder for a token that the previous step samples and the host does not know yet ({@link
   * StepInFlight#tokensStayOnDevice}).
   *
   * @param request index of the logits request of the previous step
   */
  public static int sampledBefore(int request) {
    return -1 - request;
  }

  /** Number of query tokens that are nodes of the tree. */
  public int treeSize() {
    return treeParents == null ? 0 : treeParents.length;
  }
}
