package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Missing;
import io.nightshift.operators.jinja.runtime.RenderContext;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The variables of one run of a template, macro or loop filter; closures keep it as parent. */
final class Frame {
  private final Object[] slots;
  private final @Nullable Frame parent;
  private final Rendering rendering;

  /** The outermost frame of a rendering. */
  Frame(int size, Rendering rendering) {
    this(size, null, rendering);
  }

  /** A frame inside another one. */
  Frame(int size, Frame parent) {
    this(size, parent, parent.rendering);
  }

  private Frame(int size, @Nullable Frame parent, Rendering rendering) {
    this.slots = new Object[size];
    this.parent = parent;
    this.rendering = rendering;
    Arrays.fill(slots, Missing.MISSING);
  }

  Rendering rendering() {
    return rendering;
  }

  RenderContext context() {
    return rendering.context();
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
