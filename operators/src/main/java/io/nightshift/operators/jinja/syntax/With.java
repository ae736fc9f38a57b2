package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.syntax.Executor.Signal;
import java.util.List;
import java.util.stream.Stream;

/** {@code with} ... {@code endwith}: variables for a part of the template. */
final class With extends Statement {
  private final List<Target> targets;
  private final List<Expression> values;
  private final List<Statement> body;

  With(int line, List<Target> targets, List<Expression> values, List<Statement> body) {
    super(line, Stream.of(targets, values, body).flatMap(List::stream).toList());
    this.targets = List.copyOf(targets);
    this.values = List.copyOf(values);
    this.body = List.copyOf(body);
  }

  @Override
  void declare(Symbols symbols) {
    values.forEach(value -> value.declare(symbols));
  }

  @Override
  Executor compile(Scope outer) {
    Scope scope = outer.inner();
    targets.forEach(target -> target.declareParameters(scope.symbols()));
    body.forEach(statement -> statement.declare(scope.symbols()));
    Executor enter = scope.enter();
    List<Assigner> assigners = targets.stream().map(target -> target.compile(scope)).toList();
    List<Evaluator> evaluators = Expression.compileAll(values, outer);
    Executor content = Statements.compile(body, scope);
    Executor leave = scope.leave();
    return frame -> {
      enter.execute(frame);
      for (int i = 0; i < assigners.size(); i++) {
        assigners.get(i).assign(frame, evaluators.get(i).evaluate(frame));
      }
      Signal signal = content.execute(frame);
      return signal == Signal.NEXT ? leave.execute(frame) : signal;
    };
  }
}
