package io.nightshift.operators.jinja;

import java.util.List;

/** Text between tags. */
final class Text extends Expression {
  private final String data;

  Text(int line, String data) {
    super(line, List.of());
    this.data = data;
  }

  @Override
  Evaluator compile(Scope scope) {
    TrackedText text = TrackedText.literal(data);
    return frame -> text;
  }
}
