package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.TrackedText;
import java.util.List;

/** A literal value. */
final class Constant extends Expression {
  private final Object value;

  Constant(int line, Object value) {
    super(line, List.of());
    this.value = value;
  }

  /** A string literal. */
  static Constant text(int line, String text) {
    return new Constant(line, text.isEmpty() ? text : TrackedText.literal(text));
  }

  Object value() {
    return value;
  }

  @Override
  Evaluator compile(Scope scope) {
    Object constant = value;
    return frame -> constant;
  }

  @Override
  String kind() {
    return "const";
  }
}
