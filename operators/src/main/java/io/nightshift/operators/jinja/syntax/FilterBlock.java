package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Values;
import io.nightshift.operators.jinja.syntax.Executor.Signal;
import java.util.List;
import java.util.stream.Stream;

/** {@code filter name} ... {@code endfilter}: writes the filtered text of the body. */
final class FilterBlock extends Statement {
  private final List<Statement> body;
  private final FilterExpression filter;

  FilterBlock(int line, FilterExpression filter, List<Statement> body) {
    super(line, Stream.concat(body.stream(), Stream.of(filter)).toList());
    this.filter = filter;
    this.body = List.copyOf(body);
  }

  @Override
  void declare(Symbols symbols) {
    filter.declare(symbols);
  }

  @Override
  Executor compile(Scope outer) {
    Scope scope = outer.inner();
    children().forEach(child -> child.declare(scope.symbols()));
    Executor enter = scope.enter();
    Executor content = Statements.compile(body, scope);
    Evaluator value = filter.compileBlock(scope, frame -> frame.rendering().captured());
    Executor leave = scope.leave();
    return frame -> {
      Rendering rendering = frame.rendering();
      enter.execute(frame);
      rendering.capture();
      Signal signal = content.execute(frame);
      if (signal != Signal.NEXT) {
        rendering.captured();
        return signal;
      }
      rendering.write(Values.requireTextValue(value.evaluate(frame)));
      return leave.execute(frame);
    };
  }
}
