package io.nightshift.runtime.constraint.matcher;

/** In an array of items that differ from each other, between them. */
final class UniqueArrayFrame extends Frame {

  enum Place {
    OPENED,
    AFTER_COMMA,
    AFTER_SPACE,
    /** Above is a {@link UniqueItemFrame}. */
    IN_ITEM,
    AFTER_ITEM
  }

  private final UniqueArrayMachine machine;
  private final Place place;
  private final int items;
  private final UsedTexts used;
  private final boolean unresolved;
  private final Frame parent;

  /**
   * @param items number of items before this place
   * @param used their texts
   * @param unresolved whether {@code used} lacks the last of them
   */
  private UniqueArrayFrame(
      UniqueArrayMachine machine,
      Place place,
      int items,
      UsedTexts used,
      boolean unresolved,
      Frame parent) {
    super(
        length(machine, place, items, used, unresolved) + parent.length(),
        unresolved || parent.isUnresolved());
    this.machine = machine;
    this.place = place;
    this.items = items;
    this.used = used;
    this.unresolved = unresolved;
    this.parent = parent;
  }

  static UniqueArrayFrame opened(UniqueArrayMachine machine, Frame parent) {
    return new UniqueArrayFrame(machine, Place.OPENED, 0, UsedTexts.NONE, false, parent);
  }

  private static int length(
      UniqueArrayMachine machine, Place place, int items, UsedTexts used, boolean unresolved) {
    return switch (place) {
      case OPENED -> machine.lengthOpened();
      case AFTER_COMMA, AFTER_SPACE ->
          unresolved
              ? machine.lengthBeforeUnresolvedItem(items, used)
              : machine.lengthBeforeItem(items, used);
      // The frame above adds what comes after the item.
      case IN_ITEM -> 0;
      case AFTER_ITEM -> machine.lengthAfterItem(items, used.size() + (unresolved ? 1 : 0));
    };
  }

  private UniqueArrayFrame at(Place next) {
    return new UniqueArrayFrame(machine, next, items, used, unresolved, parent);
  }

  @Override
  void step(int value, Threads out) {
    boolean closes = value == ']' && machine.mayClose(items);
    switch (place) {
      case OPENED -> {
        if (closes) {
          out.add(parent);
        } else {
          startItem(value, out);
        }
      }
      case AFTER_COMMA -> {
        if (value == ' ' && machine.spaces()) {
          out.add(at(Place.AFTER_SPACE));
        } else {
          startItem(value, out);
        }
      }
      case AFTER_SPACE -> startItem(value, out);
      case IN_ITEM -> {}
      case AFTER_ITEM -> {
        if (closes) {
          out.add(parent);
        } else if (value == ',') {
          out.add(at(Place.AFTER_COMMA));
        }
      }
    }
  }

  private void startItem(int value, Threads out) {
    UniqueArrayFrame array = (UniqueArrayFrame) out.parent(at(Place.IN_ITEM));
    for (ByteDfa form : machine.forms()) {
      UniqueItemFrame.start(array, form, value, out);
    }
  }

  /** Whether {@link #used} lacks the last item. */
  boolean lacksLast() {
    return unresolved;
  }

  UsedTexts used() {
    return used;
  }

  /** After an item. */
  UniqueArrayFrame afterItem(byte[] text) {
    return afterItem(used.with(text), false);
  }

  /** Bytes to the end of the answer, after an item. */
  int lengthAfterItem() {
    int texts = used.size() + (unresolved ? 2 : 1);
    return machine.lengthAfterItem(machine.counted(items + 1), texts) + parent.length();
  }

  /** After an item whose text is not known yet. */
  UniqueArrayFrame afterUnresolvedItem() {
    return afterItem(used, true);
  }

  private UniqueArrayFrame afterItem(UsedTexts texts, boolean lacksLast) {
    int count = machine.counted(items + 1);
    return new UniqueArrayFrame(machine, Place.AFTER_ITEM, count, texts, lacksLast, parent);
  }

  /** Whether the current item may be followed by others before its text is known. */
  boolean mayRemainUnresolved() {
    return machine.mayRemainUnresolved(items + 1);
  }

  @Override
  Frame resolve(LastTexts texts, Frames frames) {
    int around = parent.depth();
    byte[] last = place == Place.IN_ITEM ? texts.beforeLast(around) : texts.last(around);
    UsedTexts all = unresolved ? used.with(last) : used;
    Frame resolved = parent.resolve(texts, frames);
    return frames.unique(new UniqueArrayFrame(machine, place, items, all, false, resolved));
  }

  @Override
  boolean isOpen() {
    return unresolved && place != Place.AFTER_ITEM;
  }

  @Override
  int depth() {
    return parent.depth() + 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UniqueArrayFrame that
        && machine == that.machine
        && place == that.place
        && items == that.items
        && unresolved == that.unresolved
        && parent == that.parent
        && used.equals(that.used);
  }

  @Override
  public int hashCode() {
    return (((System.identityHashCode(machine) * 31 + place.ordinal()) * 31 + items) * 31
                + used.hashCode())
            * 31
        + System.identityHashCode(parent);
  }
}
