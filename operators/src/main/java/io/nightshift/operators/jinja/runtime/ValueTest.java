package io.nightshift.operators.jinja.runtime;

/** A test of a value: what may follow {@code is}. */
@FunctionalInterface
public interface ValueTest {
  boolean holds(RenderContext context, Object value, Arguments arguments);
}
