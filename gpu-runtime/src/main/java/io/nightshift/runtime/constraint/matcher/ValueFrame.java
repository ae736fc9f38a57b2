package io.nightshift.runtime.constraint.matcher;

import java.util.function.IntFunction;
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
  Frame resolve(IntFunction<byte[]> texts, Frames frames) {
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
