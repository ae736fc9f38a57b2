package io.nightshift.runtime.constraint.matcher;

import java.util.List;

/** Arrays of scalars that differ from each other. */
final class UniqueArrayMachine implements Machine {
  private final List<ByteDfa> forms;
  private final int minItems;
  private final int maxItems;
  private final boolean spaces;

  /**
   * @param forms texts of the items: disjoint, and two texts are different values
   */
  UniqueArrayMachine(List<ByteDfa> forms, int minItems, int maxItems, boolean spaces) {
    this.forms = forms;
    this.minItems = minItems;
    this.maxItems = maxItems;
    this.spaces = spaces;
  }

  List<ByteDfa> forms() {
    return forms;
  }

  boolean spaces() {
    return spaces;
  }

  /** Number of items, as far as it makes a difference. */
  int counted(int items) {
    return maxItems == Integer.MAX_VALUE ? Math.min(items, minItems) : items;
  }

  @Override
  public void start(int value, Frame parent, Threads out) {
    if (value == '[') {
      out.add(UniqueArrayFrame.opened(this, parent));
    }
  }

  @Override
  public int shortest() {
    return Math.min(Frame.NEVER, 1 + lengthOpened());
  }

  @Override
  public boolean shorten() {
    return false;
  }

  boolean mayClose(int items) {
    return items >= minItems;
  }

  /** Whether the items so far and one more are enough. */
  boolean isLastNeeded(int items) {
    return items + 1 >= minItems;
  }

  /** Bytes to the end of the array, after its opening bracket. */
  int lengthOpened() {
    return mayClose(0) ? 1 : lengthBeforeItem(0, UsedTexts.NONE);
  }

  /** Bytes to the end of the array, after an item. */
  int lengthAfterItem(int items, UsedTexts used) {
    if (items > maxItems) {
      return Frame.NEVER;
    }
    return mayClose(items) ? 1 : Math.min(Frame.NEVER, 1 + lengthBeforeItem(items, used));
  }

  /**
   * Bytes to the end of the array, before a string of which there are plenty, if one text is used
   * that is not known yet: an upper bound.
   */
  int lengthBeforeUnresolvedItem(int items, UsedTexts used) {
    int length = Frame.NEVER;
    for (ByteDfa form : forms) {
      int begun = form.next(0, '"');
      if (items < maxItems && begun != ByteDfa.DEAD && form.isPlenty(begun)) {
        length = Math.min(length, UsedTexts.secondShortestUnused(form, 0, used) + 1);
      }
    }
    return length;
  }

  /** Bytes to the end of the array, before an item. */
  int lengthBeforeItem(int items, UsedTexts used) {
    if (items >= maxItems) {
      return Frame.NEVER;
    }
    long length = 0;
    UsedTexts known = used;
    for (int count = items; count == items || count < minItems; count++) {
      ByteDfa shortest = null;
      int bytes = Frame.NEVER;
      for (ByteDfa form : forms) {
        int unused = UsedTexts.shortestUnused(form, 0, known);
        if (unused < bytes) {
          bytes = unused;
          shortest = form;
        }
      }
      if (shortest == null) {
        return Frame.NEVER;
      }
      length += 1 + bytes;
      known = known.with(UsedTexts.unusedWord(shortest, 0, known, new byte[0]));
    }
    return (int) Math.min(Frame.NEVER, length);
  }
}
