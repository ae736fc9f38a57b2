package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.MemberAccess;
import java.util.List;

/** {@code object.name}: an attribute or else an item. */
final class AttributeAccess extends Expression {
  private final Expression object;
  private final String name;

  AttributeAccess(int line, Expression object, String name) {
    super(line, List.of(object));
    this.object = object;
    this.name = name;
  }

  @Override
  Evaluator compile(Scope scope) {
    Evaluator value =
        object instanceof Name variable && !scope.builtins().isDictMethod(name)
            ? variable.compile(scope, name)
            : object.compile(scope);
    String attribute = name;
    return frame -> MemberAccess.attribute(frame.context(), value.evaluate(frame), attribute);
  }

  /** The access as messages write it, starting at the variable if there is one. */
  String path() {
    if (object instanceof Name variable) {
      return variable.name() + "." + name;
    }
    return object instanceof AttributeAccess outer ? outer.path() + "." + name : name;
  }

  @Override
  String kind() {
    return "getattr";
  }
}
