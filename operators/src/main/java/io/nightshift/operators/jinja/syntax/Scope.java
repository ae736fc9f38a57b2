package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Builtins;
import io.nightshift.operators.jinja.runtime.Missing;
import io.nightshift.operators.jinja.syntax.Executor.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The context in which a node is compiled: the names it sees and the frame that holds them. */
final class Scope {
  private final Compilation compilation;
  private final Symbols symbols;
  private final FrameLayout function;
  private final boolean conditional;
  private final boolean inLoop;

  private Scope(
      Compilation compilation,
      Symbols symbols,
      FrameLayout function,
      boolean conditional,
      boolean inLoop) {
    this.compilation = compilation;
    this.symbols = symbols;
    this.function = function;
    this.conditional = conditional;
    this.inLoop = inLoop;
  }

  static Scope root(Compilation compilation) {
    return new Scope(compilation, new Symbols(null), new FrameLayout(null), false, false);
  }

  /** A scope inside this one, in the same frame. */
  Scope inner() {
    return new Scope(compilation, new Symbols(symbols), function, false, inLoop);
  }

  /** The same scope inside a condition, where unknown filters are errors only when reached. */
  Scope conditional() {
    return new Scope(compilation, symbols, function, true, inLoop);
  }

  /** A scope inside this one whose variables live in a frame of their own. */
  Scope innerFunction() {
    FrameLayout layout = new FrameLayout(function);
    return new Scope(compilation, new Symbols(symbols), layout, false, false);
  }

  /** The same scope as the body of a loop. */
  Scope loopBody() {
    return new Scope(compilation, symbols, function, conditional, true);
  }

  /** What templates find by name without defining it. */
  Builtins builtins() {
    return compilation.builtins();
  }

  Symbols symbols() {
    return symbols;
  }

  FrameLayout function() {
    return function;
  }

  boolean isConditional() {
    return conditional;
  }

  boolean isInLoop() {
    return inLoop;
  }

  /** Notes a use of a variable: of the item {@code key}, or of all of it if that is null. */
  void uses(String name, @Nullable String key) {
    if (symbols.mayBeLookedUp(name)) {
      compilation.used(name, key);
    }
  }

  Slot slot(String name) {
    return function.find(symbols.identifier(name));
  }

  InvalidTemplateException error(int line, String reason) {
    return new InvalidTemplateException(line, reason);
  }

  /** Compiles what a declared scope does first: give its variables their first values. */
  Executor enter() {
    symbols.loads().keySet().forEach(function::add);
    List<Executor> steps = new ArrayList<>();
    for (Map.Entry<String, Symbols.Load> entry : symbols.loads().entrySet()) {
      Slot slot = function.find(entry.getKey());
      String name = entry.getValue().name();
      switch (entry.getValue().source()) {
        case PARAMETER -> {}
        case LOOK_UP -> {
          compilation.lookedUp(name);
          steps.add(
              frame -> {
                frame.set(slot, frame.rendering().resolve(name));
                return Signal.NEXT;
              });
        }
        case ALIAS -> {
          Slot outer = function.find(name);
          steps.add(
              frame -> {
                frame.set(slot, frame.get(outer));
                return Signal.NEXT;
              });
        }
        case UNDEFINED ->
            steps.add(
                frame -> {
                  frame.set(slot, Missing.MISSING);
                  return Signal.NEXT;
                });
      }
    }
    return Executor.sequence(steps);
  }

  /** Compiles what a scope does last: remove its variables. */
  Executor leave() {
    List<Executor> steps = new ArrayList<>();
    for (String identifier : symbols.loads().keySet()) {
      Slot slot = function.find(identifier);
      steps.add(
          frame -> {
            frame.set(slot, Missing.MISSING);
            return Signal.NEXT;
          });
    }
    return Executor.sequence(steps);
  }
}
