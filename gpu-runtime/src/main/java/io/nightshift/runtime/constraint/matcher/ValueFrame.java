package io.nightshift.runtime.constraint.matcher;

import org.jspecify.annotations.Nullable;

/** Before the value that is the whole text. */
final class ValueFrame extends Frame {
  private final Value value;

  ValueFrame(Value value) {
    super(value.shortest(), false);
    this.value = value;
  }

  @Override
  void step(int first, Threads out) {
    value.start(first, EndFrame.END, out);
  }

  @Override
  Frame resolve(LastTexts texts, Frames frames) {
    return this;
  }

  @Override
  @Nullable Enumeration enumeration() {
    return value.enumeration();
  }

  @Override
  int depth() {
    return 0;
  }
}
