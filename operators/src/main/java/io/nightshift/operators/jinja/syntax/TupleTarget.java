package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Iteration;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TypeNames;
import java.util.Iterator;
import java.util.List;

/** An assignment that unpacks a sequence. */
final class TupleTarget extends Target {
  private final List<Target> targets;

  TupleTarget(int line, List<Target> targets) {
    super(line, targets);
    this.targets = List.copyOf(targets);
  }

  @Override
  void declareParameters(Symbols symbols) {
    targets.forEach(target -> target.declareParameters(symbols));
  }

  @Override
  Assigner compile(Scope scope) {
    Assigner[] assigners =
        targets.stream().map(target -> target.compile(scope)).toArray(Assigner[]::new);
    return (frame, value) -> {
      Object[] parts = unpack(frame.context(), value, assigners.length);
      for (int i = 0; i < parts.length; i++) {
        assigners[i].assign(frame, parts[i]);
      }
    };
  }

  private static Object[] unpack(RenderContext context, Object value, int expected) {
    if (!Iteration.isIterable(value)) {
      throw EvaluationException.type(
          "cannot unpack non-iterable " + TypeNames.of(value) + " object");
    }
    Iterator<Object> iterator = Iteration.iterator(context, value);
    Object[] parts = new Object[expected];
    for (int i = 0; i < expected; i++) {
      if (!iterator.hasNext()) {
        throw EvaluationException.value(
            "not enough values to unpack (expected " + expected + ", got " + i + ")");
      }
      parts[i] = iterator.next();
    }
    if (iterator.hasNext()) {
      throw EvaluationException.value("too many values to unpack (expected " + expected + ")");
    }
    return parts;
  }
}
