package io.nightshift.runtime.constraint.matcher;

import org.jspecify.annotations.Nullable;

/** In an array, between its items. */
final class ArrayFrame extends Frame {

  enum Place {
    OPENED,
    AFTER_COMMA,
    AFTER_SPACE,
    AFTER_ITEM
  }

  private final ArrayMachine machine;
  private final Place place;
  private final int items;
  private final int matching;
  private final Frame parent;

  /**
   * @param items number of items before this place
   * @param matching number of those that count for {@code contains}
   */
  ArrayFrame(ArrayMachine machine, Place place, int items, int matching, Frame parent) {
    super(length(machine, place, items, matching) + parent.length(), parent.isUnresolved());
    this.machine = machine;
    this.place = place;
    this.items = items;
    this.matching = matching;
    this.parent = parent;
  }

  private static int length(ArrayMachine machine, Place place, int items, int matching) {
    return switch (place) {
      case OPENED -> machine.lengthOpened();
      case AFTER_COMMA, AFTER_SPACE -> machine.lengthBeforeItem(items, matching);
      case AFTER_ITEM -> machine.lengthAfter(items, matching);
    };
  }

  @Override
  void step(int value, Threads out) {
    boolean closes = value == ']' && machine.mayClose(items, matching);
    switch (place) {
      case OPENED -> {
        if (closes) {
          out.add(parent);
        } else {
          machine.startItem(items, matching, value, parent, out);
        }
      }
      case AFTER_COMMA -> {
        if (value == ' ' && machine.spaces()) {
          out.add(new ArrayFrame(machine, Place.AFTER_SPACE, items, matching, parent));
        } else {
          machine.startItem(items, matching, value, parent, out);
        }
      }
      case AFTER_SPACE -> machine.startItem(items, matching, value, parent, out);
      case AFTER_ITEM -> {
        if (closes) {
          out.add(parent);
        } else if (value == ',') {
          out.add(new ArrayFrame(machine, Place.AFTER_COMMA, items, matching, parent));
        }
      }
    }
  }

  @Override
  Frame resolve(LastTexts texts, Frames frames) {
    return frames.unique(
        new ArrayFrame(machine, place, items, matching, parent.resolve(texts, frames)));
  }

  @Override
  @Nullable Enumeration enumeration() {
    boolean begins =
        place == Place.OPENED ? !machine.mayClose(items, matching) : place != Place.AFTER_ITEM;
    return begins ? machine.enumeration(items) : null;
  }

  @Override
  int depth() {
    return parent.depth() + 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArrayFrame that
        && machine == that.machine
        && place == that.place
        && items == that.items
        && matching == that.matching
        && parent == that.parent;
  }

  @Override
  public int hashCode() {
    return (((System.identityHashCode(machine) * 31 + place.ordinal()) * 31 + items) * 31
                + matching)
            * 31
        + System.identityHashCode(parent);
  }
}
