package io.nightshift.runtime.constraint.matcher;

import org.jspecify.annotations.Nullable;

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
  Frame resolve(LastTexts texts, Frames frames) {
    return frames.unique(new TextFrame(machine, state, count, parent.resolve(texts, frames)));
  }

  @Override
  @Nullable FreePlace freePlace() {
    return machine.isFree(state)
        ? new FreePlace(parent, machine.fewestAfter(count), machine.mostAfter(count))
        : null;
  }

  @Override
  @Nullable Frame freed() {
    int free = machine.texts().freeState();
    return free >= 0 && !machine.counts() && machine.texts().characterState(state) >= 0
        ? new TextFrame(machine, free, 0, parent)
        : null;
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
