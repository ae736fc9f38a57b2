package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Representation;
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
    Evaluator[] evaluators = Expression.compileAll(parts, scope).toArray(Evaluator[]::new);
    String[] names = parts.stream().map(Output::nameOf).toArray(String[]::new);
    int[] lines = parts.stream().mapToInt(Node::line).toArray();
    return frame -> {
      Rendering rendering = frame.rendering();
      RenderContext context = rendering.context();
      for (int i = 0; i < evaluators.length; i++) {
        try {
          rendering.write(Representation.string(context, evaluators[i].evaluate(frame)));
        } catch (EvaluationException e) {
          throw e.named(names[i]).at(lines[i]);
        }
      }
      return Executor.Signal.NEXT;
    };
  }

  /** What an error calls a printed value: what the filters on it began with, if that has a name. */
  private static String nameOf(Node part) {
    if (part instanceof FilterExpression && !part.children().isEmpty()) {
      return nameOf(part.children().get(0));
    }
    if (part instanceof Name name) {
      return name.name();
    }
    return part instanceof AttributeAccess attribute ? attribute.path() : "value";
  }
}
