package io.nightshift.operators.jinja;

import java.util.List;

/** Text and print tags in a row. */
final class Output extends Statement {
  private final List<Expression> parts;

  Output(int line, List<Expression> parts) {
    super(line, parts);
    this.parts = List.copyOf(parts);
  }

  @Override
  Executor compile(Scope scope) {
    Evaluator[] evaluators = scope.compileExpressions(parts).toArray(Evaluator[]::new);
    int[] lines = parts.stream().mapToInt(Node::line).toArray();
    return frame -> {
      RenderContext context = frame.context();
      for (int i = 0; i < evaluators.length; i++) {
        try {
          context.write(Representation.text(context, evaluators[i].evaluate(frame)));
        } catch (EvaluationException e) {
          throw e.at(lines[i]);
        }
      }
      return Executor.Signal.NEXT;
    };
  }
}
