package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Namespace;
import java.util.List;

/** An assignment to an attribute of a namespace object. */
final class NamespaceTarget extends Target {
  private final String name;
  private final String attribute;

  NamespaceTarget(int line, String name, String attribute) {
    super(line, List.of());
    this.name = name;
    this.attribute = attribute;
  }

  @Override
  void declare(Symbols symbols) {
    symbols.load(name);
  }

  @Override
  void declareParameters(Symbols symbols) {
    symbols.load(name);
  }

  @Override
  Assigner compile(Scope scope) {
    Slot slot = scope.slot(name);
    return (frame, value) -> {
      if (!(frame.get(slot) instanceof Namespace namespace)) {
        throw EvaluationException.type("cannot assign attribute on non-namespace object");
      }
      namespace.set(attribute, value);
    };
  }
}
