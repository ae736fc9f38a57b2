package io.nightshift.operators.jinja.runtime;

import org.jspecify.annotations.Nullable;

/** Everything that templates find by name without defining it. */
public interface Builtins extends AttributeLookup {
  /** The filter of that name, or null. */
  @Nullable Filter filter(String name);

  /** The test of that name, or null. */
  @Nullable ValueTest test(String name);

  /** The global function of that name, or null. */
  @Nullable Object global(String name);

  /** Whether Jinja has a global of that name, even if this implementation does not. */
  boolean isGlobal(String name);

  /** Whether {@code dict.name} finds a method, and so cannot mean an item of that name. */
  boolean isDictMethod(String name);

  /** Python's {@code %} with a text on its left: formats {@code arguments} by {@code pattern}. */
  Object format(RenderContext context, Object pattern, Object arguments);
}
