package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.TrackedText;
import java.util.List;

/** Text between tags. */
final class TemplateData extends Expression {
  private final String data;

  TemplateData(int line, String data) {
    super(line, List.of());
    this.data = data;
  }

  @Override
  Evaluator compile(Scope scope) {
    TrackedText text = TrackedText.literal(data);
    return frame -> text;
  }

  @Override
  String kind() {
    return "templatedata";
  }
}
