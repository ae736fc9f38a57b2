package io.nightshift.runtime.runner;

import org.jspecify.annotations.Nullable;

/**
 * The part of one sequence that a step computes: {@code tokens.length} query tokens which end a
 * context of {@code contextLength} tokens. Context token {@code i} lies in slot {@code blocks[i /
 * blockSize] * blockSize + i % blockSize}; the query tokens are context tokens {@code contextLength
 * - tokens.length} and up, their keys and values are written by this step.
 *
 * <p>Without a tree, query token {@code q} has position {@code contextLength - tokens.length + q}
 * and attends to all context tokens up to itself (or the sliding window).
 *
 * <p>With a tree (Miao et al., "SpecInfer", 2023), the last {@code treeParents.length} query tokens
 * are nodes of a token tree behind the ordinary ones. {@code treeParents[n]} is the index of node
 * n's parent among the nodes, less than n, or -1 where the parent is the last token before the
 * tree. A node attends to every context token before the tree, to its ancestors and to itself; its
 * position is its parent's plus one. The slots of the tree's nodes hold nothing of use after the
 * step.
 *
 * @param tokens query token ids, at least one; or {@link #sampledBefore} for the token that the
 *     step in flight samples
 * @param contextLength context tokens at the end of the step, query tokens included
 * @param blocks block table; covers at least {@code contextLength} tokens
 * @param treeParents parents of the last query tokens, or null where there is no tree
 */
public record StepSequence(
    int[] tokens, int contextLength, int[] blocks, int @Nullable [] treeParents) {

  /**
   * Stands for the token that the step before this one samples, where the host does not know it yet
   * ({@link StepInFlight#tokensStayOnDevice}).
   *
   * @param request index of that step's logits request
   */
  public static int sampledBefore(int request) {
    return -1 - request;
  }

  /** Query tokens that are nodes of the tree. */
  public int treeSize() {
    return treeParents == null ? 0 : treeParents.length;
  }
}
