package io.nightshift.runtime.constraint.matcher;

import java.util.List;

/** Arrays of scalars that differ from each other. */
final class UniqueArrayMachine implements Machine {
  private final List<ByteDfa> forms;
  private final int minItems;
  private final int maxItems;
  private final boolean spaces;
  private final DistinctWords further;
  private final boolean plenty;

  /**
   * @param forms texts of the items: disjoint, and two texts are different values
   */
  UniqueArrayMachine(List<ByteDfa> forms, int minItems, int maxItems, boolean spaces) {
    this.forms = forms;
    this.minItems = minItems;
    this.maxItems = maxItems;
    this.spaces = spaces;
    List<ByteDfa> strings = forms.stream().filter(UniqueArrayMachine::isPlentyOfStrings).toList();
    this.plenty = !strings.isEmpty();
    // Only a string can follow an item that is not known yet.
    this.further =
        new DistinctWords(
            (plenty ? strings : forms)
                .stream().map(form -> DistinctWords.lengths(form, minItems)).toList(),
            minItems);
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

  /**
   * Whether a string may be followed by others before its text is known: no further one is needed,
   * or there are plenty of strings.
   *
   * @param items number of items with this one
   */
  boolean mayRemainUnresolved(int items) {
    return plenty || items >= minItems;
  }

  private static boolean isPlentyOfStrings(ByteDfa form) {
    int begun = form.next(0, '"');
    return begun != ByteDfa.DEAD && form.isPlenty(begun);
  }

  /** Bytes to the end of the array, after its opening bracket. */
  int lengthOpened() {
    return mayClose(0) ? 1 : lengthBeforeItem(0, UsedTexts.NONE);
  }

  /**
   * Bytes to the end of the array, after an item.
   *
   * @param used number of texts of items so far
   */
  int lengthAfterItem(int items, int used) {
    return items > maxItems
        ? Frame.NEVER
        : Math.min(Frame.NEVER, further.bytes(used, Math.max(0, minItems - items)) + 1);
  }

  /**
   * Bytes to the end of the array, before a string of which there are plenty, if one text is used
   * that is not known yet: an upper bound.
   */
  int lengthBeforeUnresolvedItem(int items, UsedTexts used) {
    int item = Frame.NEVER;
    for (ByteDfa form : forms) {
      if (isPlentyOfStrings(form)) {
        item = Math.min(item, UsedTexts.secondShortestUnused(form, 0, used));
      }
    }
    return lengthWithItem(item, items, used.size() + 2);
  }

  /** Bytes to the end of the array, before an item. */
  int lengthBeforeItem(int items, UsedTexts used) {
    int item = Frame.NEVER;
    for (ByteDfa form : forms) {
      item = Math.min(item, UsedTexts.shortestUnused(form, 0, used));
    }
    return lengthWithItem(item, items, used.size() + 1);
  }

  private int lengthWithItem(int item, int items, int used) {
    return Math.min(Frame.NEVER, item + lengthAfterItem(items + 1, used));
  }
}
