package io.nightshift.runtime.constraint.matcher;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arrays, without {@code uniqueItems}. */
final class ArrayMachine implements Machine {

  /** The values of an item: one that counts for {@code contains} and one that does not. */
  record Item(Value matching, Value other) {}

  private final List<Item> prefix;
  private final Item rest;
  private final int minItems;
  private final int maxItems;
  private final int minContains;
  private final int maxContains;
  private final boolean spaces;
  // [items so far][matching items so far] for the prefix
  private final int[][] lengths;

  ArrayMachine(
      List<Item> prefix,
      Item rest,
      int minItems,
      int maxItems,
      int minContains,
      int maxContains,
      boolean spaces) {
    this.prefix = prefix;
    this.rest = rest;
    this.minItems = minItems;
    this.maxItems = maxItems;
    this.minContains = minContains;
    this.maxContains = maxContains;
    this.spaces = spaces;
    lengths = new int[prefix.size()][];
    for (int items = 0; items < lengths.length; items++) {
      lengths[items] = new int[items + 1];
      Arrays.fill(lengths[items], Frame.NEVER);
    }
  }

  boolean spaces() {
    return spaces;
  }

  @Override
  public void start(int value, Frame parent, Threads out) {
    if (value == '[') {
      out.add(new ArrayFrame(this, ArrayFrame.Place.OPENED, 0, 0, parent));
    }
  }

  @Override
  public int shortest() {
    return 1 + lengthOpened();
  }

  @Override
  public boolean shorten() {
    boolean changed = false;
    for (int items = prefix.size() - 1; items >= 0; items--) {
      for (int matching = 0; matching <= items; matching++) {
        int length = computeLengthAfter(items, matching);
        changed |= length < lengths[items][matching];
        lengths[items][matching] = length;
      }
    }
    return changed;
  }

  /** Adds what follows after the first byte of an item. */
  void startItem(int items, int matching, int value, Frame parent, Threads out) {
    Item item = item(items);
    item.matching.start(value, after(items + 1, matching + 1, parent, out), out);
    if (item.other.shortest() < Frame.NEVER) {
      item.other.start(value, after(items + 1, matching, parent, out), out);
    }
  }

  private Frame after(int items, int matching, Frame parent, Threads out) {
    // Numbers that make no difference are not told apart.
    int counted =
        maxItems == Integer.MAX_VALUE ? Math.min(items, Math.max(prefix.size(), minItems)) : items;
    int counting = maxContains == Integer.MAX_VALUE ? Math.min(matching, minContains) : matching;
    return out.parent(new ArrayFrame(this, ArrayFrame.Place.AFTER_ITEM, counted, counting, parent));
  }

  boolean mayClose(int items, int matching) {
    return items >= minItems && matching >= minContains;
  }

  /** Bytes to the end of the array, after its opening bracket. */
  int lengthOpened() {
    return mayClose(0, 0) ? 1 : lengthBeforeItem(0, 0);
  }

  /** Bytes to the end of the array, before an item. */
  int lengthBeforeItem(int items, int matching) {
    Item item = item(items);
    int counts = item.matching.shortest() + lengthAfter(items + 1, matching + 1);
    int other = item.other.shortest() + lengthAfter(items + 1, matching);
    return Math.min(Frame.NEVER, Math.min(counts, other));
  }

  /** Bytes to the end of the array, after an item. */
  int lengthAfter(int items, int matching) {
    if (items > maxItems || matching > maxContains) {
      return Frame.NEVER;
    }
    if (items < prefix.size()) {
      return lengths[items][Math.min(matching, items)];
    }
    return computeLengthAfter(items, matching);
  }

  private int computeLengthAfter(int items, int matching) {
    if (items > maxItems || matching > maxContains) {
      return Frame.NEVER;
    }
    if (mayClose(items, matching)) {
      return 1;
    }
    return items < prefix.size()
        ? Math.min(Frame.NEVER, 1 + lengthBeforeItem(items, matching))
        : lengthOfRest(items, matching);
  }

  /** All further items have the same values, so only their numbers matter. */
  private int lengthOfRest(int items, int matching) {
    long counting = 1L + rest.matching.shortest();
    long other = 1L + rest.other.shortest();
    long fewest = Math.max(0, minContains - (long) matching);
    long most = maxContains == Integer.MAX_VALUE ? Integer.MAX_VALUE : maxContains - matching;
    long count = Math.max(fewest, minItems - (long) items);
    if (count > maxItems - (long) items) {
      return Frame.NEVER;
    }
    long counted = other <= counting ? fewest : Math.min(most, count);
    if ((counted > 0 && counting > Frame.NEVER) || (count > counted && other > Frame.NEVER)) {
      return Frame.NEVER;
    }
    return (int) Math.min(Frame.NEVER, counted * counting + (count - counted) * other + 1);
  }

  /** The values of an item, if there are few and none counts differently. */
  @Nullable Enumeration enumeration(int items) {
    Item item = item(items);
    return item.other.shortest() < Frame.NEVER ? null : item.matching.enumeration();
  }

  private Item item(int items) {
    return items < prefix.size() ? prefix.get(items) : rest;
  }
}
