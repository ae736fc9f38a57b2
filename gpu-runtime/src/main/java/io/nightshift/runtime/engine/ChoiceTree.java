package io.nightshift.runtime.engine;

import io.nightshift.runtime.scheduler.TokenTree;
import java.util.List;

/**
 * Some of a request's choices as a tree of tokens behind the prompt. The root is the prompt's last
 * token, a node stands for a token that is not the last of a choice, and an edge for any token of a
 * choice. The log probability of a choice is the sum over its edges of
 *
 * <pre>log p(edge | prompt, nodes before) = logit(edge) - logSumExp(logits of the whole vocabulary)
 * </pre>
 *
 * <p>Since choices are compared with each other only, a term that all of them have may be left out.
 * {@link ChoicePlan} says how many leading tokens all choices have in common:
 *
 * <ul>
 *   <li>a node before the last of the common tokens has one edge, which all choices take: no logits
 *   <li>the node where the choices part has the same normaliser for all choices: the logits of its
 *       edges' tokens are enough, and the product with the rest of the vocabulary is not done
 *   <li>a node behind it has a normaliser that only some choices have: the whole vocabulary
 * </ul>
 *
 * <p>Where choices of different lengths are normalised by length, a common term weighs differently
 * in each of them and nothing may be left out: every node needs the whole vocabulary.
 *
 * @param tokens nodes, for the runner
 * @param scoredNodes nodes whose logits are wanted
 * @param paths the choices
 * @param edgeCount number of edges of all scored nodes
 */
record ChoiceTree(TokenTree tokens, List<ScoredNode> scoredNodes, List<Path> paths, int edgeCount) {

  /**
   * A node whose logits are wanted.
   *
   * @param node its index in the tree, -1 for the root
   * @param tokens of its edges
   * @param firstEdge number of its first edge; edges are numbered through the whole tree
   * @param normalized whether log probabilities are wanted, and not only logits
   */
  record ScoredNode(int node, int[] tokens, int firstEdge, boolean normalized) {}

  /**
   * A choice of the tree.
   *
   * @param index in the user's order
   * @param edges whose scores make up the choice's score
   */
  record Path(int index, int[] edges) {}
}
