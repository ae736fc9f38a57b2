package io.nightshift.operators.jinja;

/** A filter: a function of the value before the pipe and of arguments. */
@FunctionalInterface
interface Filter {
  Object apply(RenderContext context, Object value, Arguments arguments);
}
