package io.nightshift.operators.jinja;

/** A test of a value: what may follow {@code is}. */
@FunctionalInterface
interface ValueTest {
  boolean holds(RenderContext context, Object value, Arguments arguments);
}
