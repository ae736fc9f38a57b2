package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Missing;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    return compile(scope, null);
  }

  /** Compiles a use of the variable for its item {@code key} alone, or for all of it if null. */
  Evaluator compile(Scope scope, @Nullable String key) {
    scope.uses(name, key);
    Slot slot = scope.slot(name);
    return frame -> {
      Object value = frame.get(slot);
      return value == Missing.MISSING ? frame.context().undefined(name) : value;
    };
  }

  @Override
  String kind() {
    return "name";
  }
}
