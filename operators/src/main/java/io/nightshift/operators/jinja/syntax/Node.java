package io.nightshift.operators.jinja.syntax;

import java.util.List;

/** A node of the syntax tree. */
abstract class Node {
  private final int line;
  private final List<Node> children;
  private final int height;

  Node(int line, List<? extends Node> children) {
    this.line = line;
    this.children = List.copyOf(children);
    this.height = 1 + children.stream().mapToInt(Node::height).max().orElse(0);
  }

  final int line() {
    return line;
  }

  /** Direct parts, in the order in which Jinja visits them. */
  final List<Node> children() {
    return children;
  }

  /** Levels of the tree below and including this node: how deep its evaluation may nest. */
  final int height() {
    return height;
  }

  /** Tells {@code symbols} which names this node loads and stores in the current scope. */
  void declare(Symbols symbols) {
    children.forEach(child -> child.declare(symbols));
  }
}
