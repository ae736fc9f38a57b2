package io.nightshift.operators.jinja.syntax;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a {@link Frame}. Jinja compiles the template, each macro and each loop filter into a
 * Python function; a layout is the list of one such function's local variables.
 */
final class FrameLayout {
  private final @Nullable FrameLayout parent;
  private final Map<String, Integer> slots = new HashMap<>();

  FrameLayout(@Nullable FrameLayout parent) {
    this.parent = parent;
  }

  void add(String identifier) {
    slots.putIfAbsent(identifier, slots.size());
  }

  /** The slot of a local variable, or else of the nearest enclosing function's. */
  Slot find(String identifier) {
    int depth = 0;
    for (FrameLayout layout = this; layout != null; layout = layout.parent) {
      Integer index = layout.slots.get(identifier);
      if (index != null) {
        return new Slot(depth, index);
      }
      depth++;
    }
    throw new IllegalStateException("no slot for " + identifier);
  }

  int size() {
    return slots.size();
  }
}
