package io.nightshift.operators.jinja;

import java.util.function.UnaryOperator;

/**
 * Values that have no text of their own. Python prints a description of the object for them, which
 * nobody wants in a prompt: it is there because parentheses, brackets or a filter are missing.
 */
final class Unprintable {
  private Unprintable() {}

  /** The error of printing {@code value}; what was printed is named later, where it is known. */
  static EvaluationException error(Object value) {
    return EvaluationException.printed(remedy(value));
  }

  /**
   * What to add to the message of another misuse of {@code value}; empty where it is a usual value.
   */
  static String hint(Object value) {
    return value instanceof Method method
        ? "; " + method.name() + " is " + methodRemedy(method, method.name())
        : "";
  }

  private static UnaryOperator<String> remedy(Object value) {
    if (value instanceof Method method) {
      return name -> name + " is " + methodRemedy(method, name);
    }
    if (value instanceof Macro macro) {
      return name -> name + " is a macro and has no text; call it: " + macro.describe() + "(...)";
    }
    if (value instanceof LoopContext) {
      return name -> name + " is a loop and has no text; print one of its values, as in loop.index";
    }
    if (value instanceof Lazy lazy) {
      return name -> name + " is a " + lazy.typeName() + " and has no text; write {{ ... | list }}";
    }
    if (value instanceof Callable) {
      return name -> name + " is a function of Jinja's and has no text; call it, as in name(...)";
    }
    return name -> name + " is a " + Values.typeName(value) + " and has no text";
  }

  private static String methodRemedy(Method method, String name) {
    String kind = "a method of " + Values.typeName(method.self()) + " and has no text; ";
    String call = "to call it, write " + name + "()";
    if (!(method.self() instanceof Dict)) {
      return kind + call;
    }
    int dot = name.lastIndexOf('.');
    String object = dot < 0 ? "" : name.substring(0, dot);
    return kind
        + "for the field of that name, write "
        + object
        + "[\""
        + method.name()
        + "\"]; "
        + call;
  }
}
