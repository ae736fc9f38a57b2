package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Tuple;
import java.util.ArrayList;
import java.util.List;

/** A list or tuple that is written out. */
final class SequenceLiteral extends Expression {
  private final List<Expression> items;
  private final boolean tuple;

  SequenceLiteral(int line, List<Expression> items, boolean tuple) {
    super(line, items);
    this.items = List.copyOf(items);
    this.tuple = tuple;
  }

  boolean isTuple() {
    return tuple;
  }

  List<Expression> items() {
    return items;
  }

  @Override
  Evaluator compile(Scope scope) {
    List<Evaluator> evaluators = Expression.compileAll(items, scope);
    return frame -> {
      frame.context().budget().list(evaluators.size());
      List<Object> values = new ArrayList<>(evaluators.size());
      for (Evaluator evaluator : evaluators) {
        values.add(evaluator.evaluate(frame));
      }
      return tuple ? new Tuple(values) : values;
    };
  }

  @Override
  String kind() {
    return tuple ? "tuple" : "list";
  }
}
