package io.nightshift.runtime.constraint.matcher;

import java.util.Arrays;
import java.util.List;

/** Objects. */
final class ObjectMachine implements Machine {

  record Property(String name, Value value, boolean required) {}

  record Additional(ByteDfa names, Value value) {}

  private final List<Property> properties;
  private final Names names;
  private final List<Additional> additional;
  private final int minProperties;
  private final int maxProperties;
  private final boolean spaces;
  // By property, and one more: required properties from there on, and the first of them.
  private final int[] required;
  private final int[] firstRequired;
  // [next property][number of properties needed besides required ones]: bytes to the end
  private final int[][] lengths;
  private int shortest = Frame.NEVER;

  ObjectMachine(
      List<Property> properties,
      List<Additional> additional,
      int minProperties,
      int maxProperties,
      boolean spaces) {
    this.properties = properties;
    this.names = new Names(properties.stream().map(Property::name).toList());
    this.additional = additional;
    this.minProperties = minProperties;
    this.maxProperties = maxProperties;
    this.spaces = spaces;
    int size = properties.size();
    required = new int[size + 1];
    firstRequired = new int[size + 1];
    firstRequired[size] = size;
    for (int i = size - 1; i >= 0; i--) {
      boolean needed = properties.get(i).required();
      required[i] = required[i + 1] + (needed ? 1 : 0);
      firstRequired[i] = needed ? i : firstRequired[i + 1];
    }
    lengths = new int[size + 1][Math.max(0, minProperties - required[0]) + 1];
    for (int[] row : lengths) {
      Arrays.fill(row, Frame.NEVER);
    }
  }

  boolean spaces() {
    return spaces;
  }

  Names names() {
    return names;
  }

  List<Property> properties() {
    return properties;
  }

  List<Additional> additional() {
    return additional;
  }

  /** Number of properties, as far as it makes a difference. */
  int counted(int count) {
    return maxProperties == Integer.MAX_VALUE ? Math.min(count, minProperties) : count;
  }

  @Override
  public void start(int value, Frame parent, Threads out) {
    if (value == '{') {
      out.add(ObjectFrame.opened(this, parent));
    }
  }

  @Override
  public int shortest() {
    return shortest;
  }

  @Override
  public boolean shorten() {
    boolean changed = false;
    for (int next = properties.size(); next >= 0; next--) {
      for (int more = 0; more < lengths[next].length; more++) {
        int length = computeLength(next, more);
        changed |= length < lengths[next][more];
        lengths[next][more] = length;
      }
    }
    int before = shortest;
    shortest = Math.min(Frame.NEVER, 1 + lengthOpened());
    return changed || shortest < before;
  }

  private int computeLength(int next, int more) {
    if (next == properties.size()) {
      return Math.min(Frame.NEVER, lengthOfAdditional(more, UsedTexts.NONE) + 1);
    }
    int with = 1 + lengthOfProperty(next);
    if (properties.get(next).required()) {
      return Math.min(Frame.NEVER, with + lengths[next + 1][more]);
    }
    int without = lengths[next + 1][more];
    return more == 0 ? without : Math.min(without, with + lengths[next + 1][more - 1]);
  }

  private int lengthOfProperty(int property) {
    return names.length(property) + 1 + properties.get(property).value().shortest();
  }

  /** Bytes of a number of additional properties with commas before them. */
  private int lengthOfAdditional(int count, UsedTexts used) {
    long length = 0;
    UsedTexts known = used;
    for (int i = 0; i < count && length < Frame.NEVER; i++) {
      Additional shortest = null;
      int best = Frame.NEVER;
      for (Additional kind : additional) {
        int property = lengthOfAdditional(kind, known);
        if (property < best) {
          best = property;
          shortest = kind;
        }
      }
      if (shortest == null) {
        return Frame.NEVER;
      }
      known = known.with(UsedTexts.unusedWord(shortest.names(), 0, known, new byte[0]));
      length += 1 + best;
    }
    return (int) Math.min(Frame.NEVER, length);
  }

  private static int lengthOfAdditional(Additional kind, UsedTexts used) {
    return Math.min(
        Frame.NEVER, UsedTexts.shortestUnused(kind.names(), 0, used) + 1 + kind.value().shortest());
  }

  boolean mayClose(int next, int count) {
    return required[next] == 0 && count >= minProperties;
  }

  /** Whether additional properties may come, as far as the named ones are concerned. */
  boolean mayBeAdditional(int next, int count) {
    return required[next] == 0 && count < maxProperties;
  }

  int lengthOpened() {
    return mayClose(0, 0) ? 1 : lengthBeforeName(0, 0, UsedTexts.NONE, false);
  }

  /**
   * Bytes to the end of the object, after a property.
   *
   * @param unresolved whether the names in {@code used} lack the last one
   */
  int lengthAfterProperty(int next, int count, UsedTexts used, boolean unresolved) {
    if (count + required[next] > maxProperties) {
      return Frame.NEVER;
    }
    int more = Math.max(0, minProperties - count - required[next]);
    if (next < properties.size()) {
      return lengths[next][more];
    }
    if (more == 0) {
      return 1;
    }
    return unresolved ? Frame.NEVER : Math.min(Frame.NEVER, lengthOfAdditional(more, used) + 1);
  }

  /** Bytes to the end of the object, before the name of a property. */
  int lengthBeforeName(int next, int count, UsedTexts used, boolean unresolved) {
    int shortest = Frame.NEVER;
    int last = Math.min(firstRequired[next], properties.size() - 1);
    for (int property = next; property <= last; property++) {
      shortest = Math.min(shortest, lengthBeforeName(property, count));
    }
    if (mayBeAdditional(next, count)) {
      for (Additional kind : additional) {
        int length =
            unresolved
                ? lengthBeforeNameAfterUnresolved(kind, used)
                : lengthBeforeName(kind, count, used);
        shortest = Math.min(shortest, length);
      }
    }
    return shortest;
  }

  /** Bytes to the end of the object, before the name of a certain property. */
  private int lengthBeforeName(int property, int count) {
    return Math.min(
        Frame.NEVER,
        lengthOfProperty(property)
            + lengthAfterProperty(property + 1, count + 1, UsedTexts.NONE, false));
  }

  private int lengthBeforeName(Additional kind, int count, UsedTexts used) {
    int property = lengthOfAdditional(kind, used);
    if (property >= Frame.NEVER) {
      return Frame.NEVER;
    }
    if (minProperties <= count + 1) {
      return property + 1;
    }
    UsedTexts after = used.with(UsedTexts.unusedWord(kind.names(), 0, used, new byte[0]));
    return Math.min(
        Frame.NEVER, property + lengthAfterProperty(properties.size(), count + 1, after, false));
  }

  /** An upper bound if one name is used that is not known yet, and no property is needed. */
  private static int lengthBeforeNameAfterUnresolved(Additional kind, UsedTexts used) {
    if (!kind.names().isPlenty(kind.names().next(0, '"'))) {
      return Frame.NEVER;
    }
    int name = UsedTexts.secondShortestUnused(kind.names(), 0, used);
    return Math.min(Frame.NEVER, name + 1 + kind.value().shortest() + 1);
  }

  /** Bytes to the end of the object, in a name: {@code depth} bytes after its beginning. */
  int lengthInName(int node, int depth, int next, int count) {
    int shortest = Frame.NEVER;
    for (int property : names.properties(node)) {
      if (property >= next && property <= firstRequired[next]) {
        shortest = Math.min(shortest, lengthBeforeName(property, count) - depth);
      }
    }
    return shortest;
  }

  /** The property whose name ends at a node. */
  int property(int node) {
    return names.properties(node)[0];
  }
}
