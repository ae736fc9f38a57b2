package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.syntax.Executor.Signal;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code set target} ... {@code endset}: the text of the body, filtered if asked. */
final class AssignmentBlock extends Statement {
  private final Target target;
  private final @Nullable FilterExpression filter;
  private final List<Statement> body;

  AssignmentBlock(
      int line, Target target, @Nullable FilterExpression filter, List<Statement> body) {
    super(
        line,
        Stream.of(Stream.of(target), Stream.<Node>ofNullable(filter), body.stream())
            .<Node>flatMap(nodes -> nodes)
            .toList());
    this.target = target;
    this.filter = filter;
    this.body = List.copyOf(body);
  }

  @Override
  void declare(Symbols symbols) {
    target.declare(symbols);
    if (filter != null) {
      filter.declare(symbols);
    }
  }

  @Override
  Executor compile(Scope outer) {
    Scope scope = outer.inner();
    body.forEach(statement -> statement.declare(scope.symbols()));
    Executor enter = scope.enter();
    Executor content = Statements.compile(body, scope);
    Evaluator captured = frame -> frame.rendering().captured();
    Evaluator value = filter == null ? captured : filter.compileBlock(scope, captured);
    Assigner assigner = target.compile(outer);
    Executor leave = scope.leave();
    return frame -> {
      enter.execute(frame);
      frame.rendering().capture();
      Signal signal = content.execute(frame);
      if (signal != Signal.NEXT) {
        frame.rendering().captured();
        return signal;
      }
      assigner.assign(frame, value.evaluate(frame));
      return leave.execute(frame);
    };
  }
}
