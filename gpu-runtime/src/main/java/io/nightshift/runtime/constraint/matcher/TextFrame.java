package io.nightshift.runtime.constraint.matcher;

import java.util.function.IntFunction;

/** In a text without structure. */
final class TextFrame extends Frame {
  private final TextMachine machine;
  private final int state;
  private final int count;
  private final Frame parent;

  TextFrame(TextMachine machine, int state, int count, Frame parent) {
    super(machine.length(state, count) + parent.length(), parent.isUnresolved());
    this.machine = machine;
    this.state = state;
    this.count = count;
    this.parent = parent;
  }

  @Override
  void step(int value, Threads out) {
    machine.step(state, count, value, parent, out);
  }

  @Override
  Frame resolve(IntFunction<byte[]> names, Frames frames) {
    return frames.unique(new TextFrame(machine, state, count, parent.resolve(names, frames)));
  }

  @Override
  int depth() {
    return parent.depth();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TextFrame that
        && machine == that.machine
        && state == that.state
        && count == that.count
        && parent == that.parent;
  }

  @Override
  public int hashCode() {
    return ((System.identityHashCode(machine) * 31 + state) * 31 + count) * 31
        + System.identityHashCode(parent);
  }
}
