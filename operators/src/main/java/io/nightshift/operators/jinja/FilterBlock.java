package io.nightshift.operators.jinja;

import io.nightshift.operators.jinja.Executor.Signal;
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
    Executor content = scope.compileAll(body);
    Evaluator value = filter.compileBlock(scope, frame -> frame.context().captured());
    Executor leave = scope.leave();
    return frame -> {
      RenderContext context = frame.context();
      enter.execute(frame);
      context.capture();
      Signal signal = content.execute(frame);
      if (signal != Signal.NEXT) {
        context.captured();
        return signal;
      }
      context.write(Values.requireTextValue(value.evaluate(frame)));
      return leave.execute(frame);
    };
  }
}
