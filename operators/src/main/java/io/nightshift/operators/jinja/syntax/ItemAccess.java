package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.MemberAccess;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.List;

/** {@code object[key]}: an item or else, for a text key, an attribute. */
final class ItemAccess extends Expression {
  private final Expression object;
  private final Expression key;

  ItemAccess(int line, Expression object, Expression key) {
    super(line, List.of(object, key));
    this.object = object;
    this.key = key;
  }

  @Override
  Evaluator compile(Scope scope) {
    Evaluator value =
        object instanceof Name variable
                && key instanceof Constant constant
                && Values.isText(constant.value())
            ? variable.compile(scope, Values.text(constant.value()))
            : object.compile(scope);
    Evaluator index = key.compile(scope);
    return frame ->
        MemberAccess.item(frame.context(), value.evaluate(frame), index.evaluate(frame));
  }

  @Override
  String kind() {
    return "getitem";
  }
}
