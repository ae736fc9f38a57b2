package io.nightshift.operators.jinja.syntax;

import java.util.List;

/** A part of a template that writes output or changes variables. */
abstract class Statement extends Node {
  Statement(int line, List<? extends Node> children) {
    super(line, children);
  }

  /** Turns the statement into a closure over the slots that {@code scope} gives to names. */
  abstract Executor compile(Scope scope);
}
