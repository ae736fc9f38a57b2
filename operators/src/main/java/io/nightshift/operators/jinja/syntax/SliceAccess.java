package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Slicing;
import java.util.List;

/** {@code object[start:stop:step]}; a bound that is not given is None. */
final class SliceAccess extends Expression {
  private final Expression object;
  private final Expression start;
  private final Expression stop;
  private final Expression step;

  SliceAccess(int line, Expression object, Expression start, Expression stop, Expression step) {
    super(line, List.of(object, start, stop, step));
    this.object = object;
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  @Override
  Evaluator compile(Scope scope) {
    Evaluator value = object.compile(scope);
    Evaluator from = start.compile(scope);
    Evaluator to = stop.compile(scope);
    Evaluator by = step.compile(scope);
    return frame ->
        Slicing.slice(
            frame.context(),
            value.evaluate(frame),
            from.evaluate(frame),
            to.evaluate(frame),
            by.evaluate(frame));
  }

  @Override
  String kind() {
    return "getitem";
  }
}
