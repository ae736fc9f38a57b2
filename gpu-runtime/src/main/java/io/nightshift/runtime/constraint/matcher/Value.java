package io.nightshift.runtime.constraint.matcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The texts of a value: those of any of its forms. */
final class Value {
  private final String pointer;
  private List<Machine> machines = List.of();
  private int shortest = Frame.NEVER;
  private @Nullable Enumeration enumeration;

  /**
   * @param pointer JSON pointer of the place in the schema
   */
  Value(String pointer) {
    this.pointer = pointer;
  }

  /** JSON pointer of the place in the schema. */
  String pointer() {
    return pointer;
  }

  void set(List<Machine> forms, @Nullable Enumeration values) {
    machines = forms;
    enumeration = values;
  }

  /** All texts, if there are few; null if there are many. */
  @Nullable Enumeration enumeration() {
    return enumeration;
  }

  void start(int value, Frame parent, Threads out) {
    for (Machine machine : machines) {
      machine.start(value, parent, out);
    }
  }

  /** Number of bytes of a short text; {@link Frame#NEVER} if none is known. */
  int shortest() {
    return shortest;
  }

  /** The largest number of bytes of the shortest text of a form. */
  int longest() {
    return machines.stream().mapToInt(Machine::shortest).max().orElse(0);
  }

  /**
   * Computes {@link #shortest} again from that of the values in this one. Returns whether anything
   * has changed.
   */
  boolean shorten() {
    boolean changed = false;
    int before = shortest;
    for (Machine machine : machines) {
      changed |= machine.shorten();
      shortest = Math.min(shortest, machine.shortest());
    }
    return changed || shortest < before;
  }
}
