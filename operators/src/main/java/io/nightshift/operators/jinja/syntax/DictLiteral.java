package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Dict;
import java.util.List;

/** A dict that is written out. */
final class DictLiteral extends Expression {
  private final List<Expression> keysAndValues;

  /**
   * @param keysAndValues keys and values in turn
   */
  DictLiteral(int line, List<Expression> keysAndValues) {
    super(line, keysAndValues);
    this.keysAndValues = List.copyOf(keysAndValues);
  }

  @Override
  Evaluator compile(Scope scope) {
    List<Evaluator> evaluators = Expression.compileAll(keysAndValues, scope);
    return frame -> {
      frame.context().budget().list(Dict.ELEMENTS_OF_ITEM * (long) evaluators.size() / 2);
      Dict dict = new Dict();
      for (int i = 0; i < evaluators.size(); i += 2) {
        dict.put(evaluators.get(i).evaluate(frame), evaluators.get(i + 1).evaluate(frame));
      }
      return dict;
    };
  }

  @Override
  String kind() {
    return "dict";
  }
}
