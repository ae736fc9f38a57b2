package io.nightshift.operators.jinja.syntax;

import java.util.List;

/** The left side of an assignment. */
abstract class Target extends Node {
  Target(int line, List<? extends Node> children) {
    super(line, children);
  }

  abstract Assigner compile(Scope scope);

  /** Declares the target's names as parameters of the scope: a loop's or a with block's. */
  abstract void declareParameters(Symbols symbols);
}
