package io.nightshift.runtime.engine;

import io.nightshift.runtime.scheduler.TokenTree;
import java.util.List;

/**
 * Some or all choices of a request as a tree of tokens after the prompt. The root is the last token
 * of the prompt. A node is a token that is not the last one of a choice, and an edge is any token
 * of a choice. The log probability of a choice is the sum over its edges of
 *
 * <pre>log p(edge | prompt, nodes before) = logit(edge) - logSumExp(logits of the whole vocabulary)
 * </pre>
 *
 * <p>Since choices are only compared with each other, a term that is the same for all can be
 * omitted. {@link ChoicePlan} finds the number of leading tokens that all choices share:
 *
 * <ul>
 *   <li>a node before the last shared token has one edge, which is on the path of all choices: it
 *       needs no logits
 *   <li>the node at which the choices diverge has the same normalizer for all choices: it needs the
 *       logits of the tokens of its edges only, and the GEMM with the rest of the vocabulary is
 *       skipped
 *   <li>the normalizer of a node below that one applies to some choices only: it needs the logits
 *       of the whole vocabulary
 * </ul>
 *
 * <p>If choices of different lengths are normalized by length, a shared term has a different weight
 * in each of them and nothing can be omitted: every node needs the logits of the whole vocabulary.
 *
 * @param tokens the nodes, for the runner
 * @param scoredNodes nodes whose logits are needed
 * @param paths the choices
 * @param edgeCount number of edges of all scored nodes
 */
record ChoiceTree(TokenTree tokens, List<ScoredNode> scoredNodes, List<Path> paths, int edgeCount) {

  /**
   * A node whose logits are needed.
   *
   * @param node index of the node in the tree; -1 for the root
   * @param tokens of its edges
   * @param firstEdge number of its first edge; edges are numbered across the whole tree
   * @param normalized whether log probabilities are needed, and not only logits
   */
  record ScoredNode(int node, int[] tokens, int firstEdge, boolean normalized) {}

  /**
   * A choice of the tree.
   *
   * @param index index of the choice in the request
   * @param edges edges whose scores add up to the score of the choice
   */
  record Path(int index, int[] edges) {}
}
