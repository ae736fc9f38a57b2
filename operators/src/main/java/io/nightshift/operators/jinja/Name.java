package io.nightshift.operators.jinja;

import java.util.List;

/** A use of a variable. */
final class Name extends Expression {
  private final String name;

  Name(int line, String name) {
    super(line, List.of());
    this.name = name;
  }

  String name() {
    return name;
  }

  @Override
  void declare(Symbols symbols) {
    symbols.load(name);
  }

  @Override
  Evaluator compile(Scope scope) {
    Slot slot = scope.slot(name);
    return frame -> {
      Object value = frame.get(slot);
      return value == Frame.MISSING ? frame.context().undefined(name) : value;
    };
  }
}
