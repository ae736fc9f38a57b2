package io.nightshift.operators.jinja.runtime;

/** A function, method or macro. */
@FunctionalInterface
public interface Callable extends PythonObject {
  Object call(RenderContext context, Arguments arguments);

  @Override
  default String typeName() {
    return "function";
  }

  @Override
  default String unprintableReason(String name) {
    return name + " is a function of Jinja's and has no text; call it, as in name(...)";
  }
}
