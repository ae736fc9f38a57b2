package io.nightshift.operators.jinja;

/** A function, method or macro. */
@FunctionalInterface
interface Callable {
  Object call(RenderContext context, Arguments arguments);
}
