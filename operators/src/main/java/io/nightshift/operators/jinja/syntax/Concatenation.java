package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Representation;
import io.nightshift.operators.jinja.runtime.TextBuilder;
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
    List<Evaluator> evaluators = Expression.compileAll(operands, scope);
    return frame -> {
      RenderContext context = frame.context();
      TextBuilder text = new TextBuilder(context);
      for (Evaluator evaluator : evaluators) {
        text.appendText(Representation.string(context, evaluator.evaluate(frame)));
      }
      return text.build();
    };
  }

  @Override
  String kind() {
    return "concat";
  }
}
