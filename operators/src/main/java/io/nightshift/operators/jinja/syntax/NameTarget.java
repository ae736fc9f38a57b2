package io.nightshift.operators.jinja.syntax;

import java.util.List;

/** An assignment to a variable, or the parameter of a macro. */
final class NameTarget extends Target {
  private final String name;

  NameTarget(int line, String name) {
    super(line, List.of());
    this.name = name;
  }

  String name() {
    return name;
  }

  @Override
  void declare(Symbols symbols) {
    symbols.store(name);
  }

  @Override
  void declareParameters(Symbols symbols) {
    symbols.parameter(name);
  }

  @Override
  Assigner compile(Scope scope) {
    Slot slot = scope.slot(name);
    return (frame, value) -> frame.set(slot, value);
  }
}
