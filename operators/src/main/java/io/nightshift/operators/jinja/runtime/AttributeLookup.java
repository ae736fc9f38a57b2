package io.nightshift.operators.jinja.runtime;

import org.jspecify.annotations.Nullable;

/** Finds the attributes and methods of values. */
@FunctionalInterface
interface AttributeLookup {
  /**
   * Finds the attribute {@code name} of {@code object}.
   *
   * @return null if there is no such attribute; an undefined value if the sandbox refuses it
   */
  @Nullable Object attribute(RenderContext context, Object object, String name);
}
