package io.nightshift.operators.jinja;

import java.util.List;

/** Values joined as text by {@code ~}. */
final class Concatenation extends Expression {
  private final List<Expression> operands;

  Concatenation(int line, List<Expression> operands) {
    super(line, operands);
    this.operands = List.copyOf(operands);
  }

  @Override
  Evaluator compile(Scope scope) {
    List<Evaluator> evaluators = scope.compileExpressions(operands);
    return frame -> {
      StringBuilder text = new StringBuilder();
      for (Evaluator evaluator : evaluators) {
        text.append(Representation.text(frame.context(), evaluator.evaluate(frame)));
        frame.context().checkSize(text.length());
      }
      return text.toString();
    };
  }

  @Override
  String kind() {
    return "concat";
  }
}
