package io.nightshift.runtime.constraint.matcher;

import org.jspecify.annotations.Nullable;

/** In an object, between names and values. */
final class ObjectFrame extends Frame {

  enum Place {
    OPENED,
    AFTER_COMMA,
    AFTER_COMMA_SPACE,
    /** Above is a {@link NameFrame}, or an {@link AdditionalNameFrame}. */
    IN_NAME,
    AFTER_NAME,
    AFTER_COLON,
    AFTER_COLON_SPACE,
    AFTER_VALUE
  }

  private final ObjectMachine machine;
  private final Place place;
  private final State state;
  private final Frame parent;

  /**
   * What is known of the properties so far.
   *
   * @param next index of the first named property that may follow
   * @param count number of properties, that of the current one included after its name
   * @param used names of the additional properties
   * @param unresolved whether {@code used} lacks the last of them
   * @param kind kind of additional property of the current property; -1 if it is {@code next - 1},
   *     or if there is none
   */
  record State(int next, int count, UsedTexts used, boolean unresolved, int kind) {

    /** Number of additional properties. */
    int names() {
      return used.size() + (unresolved ? 1 : 0);
    }
  }

  private ObjectFrame(ObjectMachine machine, Place place, State state, Frame parent) {
    super(
        length(machine, place, state) + parent.length(), state.unresolved || parent.isUnresolved());
    this.machine = machine;
    this.place = place;
    this.state = state;
    this.parent = parent;
  }

  static ObjectFrame opened(ObjectMachine machine, Frame parent) {
    return new ObjectFrame(
        machine, Place.OPENED, new State(0, 0, UsedTexts.NONE, false, -1), parent);
  }

  private ObjectFrame at(Place next, State after) {
    return new ObjectFrame(machine, next, after, parent);
  }

  private static int length(ObjectMachine machine, Place place, State state) {
    int next = state.next;
    int count = state.count;
    UsedTexts used = state.used;
    return switch (place) {
      case OPENED -> machine.lengthOpened();
      case AFTER_COMMA, AFTER_COMMA_SPACE ->
          machine.lengthBeforeName(next, count, used, state.unresolved);
      // The frame above adds what comes after the name.
      case IN_NAME -> 0;
      case AFTER_NAME -> 1 + lengthOfValue(machine, state);
      case AFTER_COLON, AFTER_COLON_SPACE -> lengthOfValue(machine, state);
      case AFTER_VALUE -> machine.lengthAfterProperty(next, count, state.names());
    };
  }

  private static int lengthOfValue(ObjectMachine machine, State state) {
    return Math.min(
        NEVER,
        value(machine, state).shortest()
            + machine.lengthAfterProperty(state.next, state.count, state.names()));
  }

  private static Value value(ObjectMachine machine, State state) {
    return state.kind < 0
        ? machine.properties().get(state.next - 1).value()
        : machine.additional().get(state.kind).value();
  }

  @Override
  void step(int value, Threads out) {
    switch (place) {
      case OPENED -> {
        if (value == '}' && machine.mayClose(0, 0)) {
          out.add(parent);
        } else {
          startName(value, out);
        }
      }
      case AFTER_COMMA -> {
        if (value == ' ' && machine.spaces()) {
          out.add(at(Place.AFTER_COMMA_SPACE, state));
        } else {
          startName(value, out);
        }
      }
      case AFTER_COMMA_SPACE -> startName(value, out);
      case IN_NAME -> {}
      case AFTER_NAME -> {
        if (value == ':') {
          out.add(at(Place.AFTER_COLON, state));
        }
      }
      case AFTER_COLON -> {
        if (value == ' ' && machine.spaces()) {
          out.add(at(Place.AFTER_COLON_SPACE, state));
        } else {
          startValue(value, out);
        }
      }
      case AFTER_COLON_SPACE -> startValue(value, out);
      case AFTER_VALUE -> {
        if (value == '}' && machine.mayClose(state.next, state.count)) {
          out.add(parent);
        } else if (value == ',') {
          out.add(at(Place.AFTER_COMMA, state));
        }
      }
    }
  }

  private void startValue(int value, Threads out) {
    State after = new State(state.next, state.count, state.used, state.unresolved, -1);
    value(machine, state).start(value, out.parent(at(Place.AFTER_VALUE, after)), out);
  }

  private void startName(int value, Threads out) {
    if (value != '"') {
      return;
    }
    Frame inName = out.parent(at(Place.IN_NAME, state));
    ObjectFrame object = (ObjectFrame) inName;
    int node = machine.names().next(0, value);
    if (node >= 0) {
      out.add(new NameFrame(object, node, 1));
    }
    if (machine.mayBeAdditional(state.next, state.count)) {
      for (int kind = 0; kind < machine.additional().size(); kind++) {
        AdditionalNameFrame.start(object, kind, out);
      }
    }
  }

  ObjectMachine machine() {
    return machine;
  }

  State state() {
    return state;
  }

  Frame parent() {
    return parent;
  }

  /** After the name of a named property. */
  ObjectFrame afterName(int property) {
    int count = machine.counted(state.count + 1);
    return at(Place.AFTER_NAME, new State(property + 1, count, state.used, false, -1));
  }

  /**
   * After the name of an additional property.
   *
   * @param used the names with this one, or without it if they remain unresolved
   */
  ObjectFrame afterAdditionalName(int kind, UsedTexts used, boolean unresolved) {
    int count = machine.counted(state.count + 1);
    State after = new State(machine.properties().size(), count, used, unresolved, kind);
    return at(Place.AFTER_NAME, after);
  }

  /** Bytes to the end of the answer, after the name of an additional property. */
  int lengthAfterAdditionalName(int kind) {
    int after =
        machine.lengthAfterProperty(
            machine.properties().size(), machine.counted(state.count + 1), state.names() + 1);
    return 1 + machine.additional().get(kind).value().shortest() + after + parent.length();
  }

  @Override
  Frame resolve(LastTexts texts, Frames frames) {
    Frame resolvedParent = parent.resolve(texts, frames);
    State resolved = state;
    if (state.unresolved) {
      int around = parent.depth();
      byte[] name = place == Place.IN_NAME ? texts.beforeLast(around) : texts.last(around);
      UsedTexts used = state.used.with(name);
      resolved = new State(state.next, state.count, used, false, state.kind);
    }
    return frames.unique(new ObjectFrame(machine, place, resolved, resolvedParent));
  }

  @Override
  @Nullable Enumeration enumeration() {
    return place == Place.AFTER_COLON || place == Place.AFTER_COLON_SPACE
        ? value(machine, state).enumeration()
        : null;
  }

  @Override
  boolean isOpen() {
    return state.unresolved && (place == Place.AFTER_COMMA || place == Place.AFTER_COMMA_SPACE);
  }

  @Override
  int depth() {
    return parent.depth() + 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ObjectFrame that
        && machine == that.machine
        && place == that.place
        && parent == that.parent
        && state.equals(that.state);
  }

  @Override
  public int hashCode() {
    return ((System.identityHashCode(machine) * 31 + place.ordinal()) * 31 + state.hashCode()) * 31
        + System.identityHashCode(parent);
  }
}
