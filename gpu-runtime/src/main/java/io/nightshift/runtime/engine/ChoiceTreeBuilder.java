package io.nightshift.runtime.engine;

import io.nightshift.runtime.engine.ChoiceTree.Path;
import io.nightshift.runtime.engine.ChoiceTree.ScoredNode;
import io.nightshift.runtime.scheduler.TokenTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds a {@link ChoiceTree} from choices. */
final class ChoiceTreeBuilder {

  private static final class Node {
    final int index;
    final int parent;
    final int token;
    final int depth;
    final Map<Integer, Edge> edges = new LinkedHashMap<>();

    Node(int index, int parent, int token, int depth) {
      this.index = index;
      this.parent = parent;
      this.token = token;
      this.depth = depth;
    }
  }

  private static final class Edge {
    @Nullable Node child;
    int number = -1;
  }

  private final int commonTokens;
  private final Node root = new Node(-1, -1, -1, 0);
  private final List<Node> nodes = new ArrayList<>();
  private final List<int[]> choices = new ArrayList<>();
  private final List<Integer> indices = new ArrayList<>();

  /**
   * Creates a builder without choices.
   *
   * @param commonTokens number of leading tokens that all choices of the request share and whose
   *     scores can be omitted; -1 if nothing can be omitted
   */
  ChoiceTreeBuilder(int commonTokens) {
    this.commonTokens = commonTokens;
  }

  boolean isEmpty() {
    return choices.isEmpty();
  }

  /** Number of nodes that the tree would have with an additional choice. */
  int sizeWith(int[] tokens) {
    Node node = root;
    for (int depth = 0; depth < tokens.length - 1; depth++) {
      Edge edge = node.edges.get(tokens[depth]);
      if (edge == null || edge.child == null) {
        return nodes.size() + tokens.length - 1 - depth;
      }
      node = edge.child;
    }
    return nodes.size();
  }

  /**
   * Adds a choice.
   *
   * @param index index of the choice in the request
   */
  void add(int index, int[] tokens) {
    indices.add(index);
    choices.add(tokens);
    Node node = root;
    for (int depth = 0; depth < tokens.length; depth++) {
      Edge edge = node.edges.computeIfAbsent(tokens[depth], token -> new Edge());
      if (depth == tokens.length - 1) {
        return;
      }
      if (edge.child == null) {
        edge.child = new Node(nodes.size(), node.index, tokens[depth], depth + 1);
        nodes.add(edge.child);
      }
      node = edge.child;
    }
  }

  ChoiceTree build() {
    List<ScoredNode> scored = new ArrayList<>();
    int edges = score(root, 0, scored);
    for (Node node : nodes) {
      edges = score(node, edges, scored);
    }
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      paths.add(new Path(indices.get(i), scoredEdges(choices.get(i))));
    }
    int[] tokens = nodes.stream().mapToInt(node -> node.token).toArray();
    int[] parents = nodes.stream().mapToInt(node -> node.parent).toArray();
    return new ChoiceTree(
        new TokenTree(tokens, parents, scored.size()), List.copyOf(scored), paths, edges);
  }

  /** Numbers the edges of a node if its logits are needed. Returns the next number. */
  private int score(Node node, int firstEdge, List<ScoredNode> scored) {
    if (node.depth < commonTokens) {
      return firstEdge;
    }
    int next = firstEdge;
    for (Edge edge : node.edges.values()) {
      edge.number = next++;
    }
    int[] tokens = node.edges.keySet().stream().mapToInt(Integer::intValue).toArray();
    scored.add(new ScoredNode(node.index, tokens, firstEdge, node.depth > commonTokens));
    return next;
  }

  private int[] scoredEdges(int[] tokens) {
    int[] edges = new int[tokens.length];
    int count = 0;
    Node node = root;
    for (int token : tokens) {
      Edge edge = node.edges.get(token);
      if (edge == null) {
        throw new IllegalStateException("a choice has left its tree at token " + token);
      }
      if (edge.number >= 0) {
        edges[count++] = edge.number;
      }
      if (edge.child != null) {
        node = edge.child;
      }
    }
    return Arrays.copyOf(edges, count);
  }
}
