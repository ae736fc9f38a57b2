package io.nightshift.operators.jinja.syntax;

import java.util.List;

/** A part of a template that has a value. */
abstract class Expression extends Node {
  Expression(int line, List<? extends Node> children) {
    super(line, children);
  }

  /** What messages call this kind of expression; Jinja's own names. */
  abstract String kind();

  /** Turns the expression into a closure over the slots that {@code scope} gives to names. */
  abstract Evaluator compile(Scope scope);

  /** Compiles expressions, in their order. */
  static List<Evaluator> compileAll(List<Expression> expressions, Scope scope) {
    return expressions.stream().map(expression -> expression.compile(scope)).toList();
  }
}
