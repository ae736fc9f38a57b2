package io.nightshift.operators.jinja;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The variables of one run of a template, macro or loop filter; closures keep it as parent. */
final class Frame {
  /** What a slot holds while its variable has no value. */
  static final Object MISSING = new Object();

  private final Object[] slots;
  private final @Nullable Frame parent;
  private final RenderContext context;

  Frame(int size, @Nullable Frame parent, RenderContext context) {
    this.slots = new Object[size];
    this.parent = parent;
    this.context = context;
    Arrays.fill(slots, MISSING);
  }

  RenderContext context() {
    return context;
  }

  Object get(Slot slot) {
    return owner(slot).slots[slot.index()];
  }

  void set(Slot slot, Object value) {
    owner(slot).slots[slot.index()] = value;
  }

  private Frame owner(Slot slot) {
    Frame frame = this;
    for (int i = slot.depth(); i > 0; i--) {
      Frame outer = frame.parent;
      if (outer == null) {
        throw new IllegalStateException("no frame " + slot.depth() + " levels up");
      }
      frame = outer;
    }
    return frame;
  }
}
