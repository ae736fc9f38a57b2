package io.nightshift.operators.jinja.runtime;

/** A filter: a function of the value before the pipe and of arguments. */
@FunctionalInterface
public interface Filter {
  Object apply(RenderContext context, Object value, Arguments arguments);
}
