package io.nightshift.runtime.constraint.matcher;

import java.util.ArrayList;
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
  // By kind of additional property: bytes of the shortest names.
  private final List<int[]> nameLengths;
  private final boolean plenty;
  private DistinctWords further;
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
    nameLengths =
        additional.stream()
            .map(kind -> DistinctWords.lengths(kind.names(), minProperties))
            .toList();
    plenty = additional.stream().allMatch(kind -> kind.names().isPlenty(0));
    further = distinctProperties();
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
    further = distinctProperties();
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
      return Math.min(Frame.NEVER, further.bytes(0, more) + 1);
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

  /** Additional properties, which differ in their names. */
  private DistinctWords distinctProperties() {
    List<int[]> properties = new ArrayList<>();
    for (int kind = 0; kind < additional.size(); kind++) {
      int rest = 1 + additional.get(kind).value().shortest();
      properties.add(Arrays.stream(nameLengths.get(kind)).map(name -> name + rest).toArray());
    }
    return new DistinctWords(properties, minProperties);
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

  /**
   * Whether an additional property may be followed by others before its name is known: no further
   * one is needed, or there are plenty of names of every kind.
   *
   * @param count number of properties with this one
   */
  boolean mayRemainUnresolved(int count) {
    return plenty || count >= minProperties;
  }

  int lengthOpened() {
    return mayClose(0, 0) ? 1 : lengthBeforeName(0, 0, UsedTexts.NONE, false);
  }

  /**
   * Bytes to the end of the object, after a property.
   *
   * @param names number of additional properties so far
   */
  int lengthAfterProperty(int next, int count, int names) {
    if (count + required[next] > maxProperties) {
      return Frame.NEVER;
    }
    int more = Math.max(0, minProperties - count - required[next]);
    if (next < properties.size()) {
      return lengths[next][more];
    }
    return Math.min(Frame.NEVER, further.bytes(names, more) + 1);
  }

  /** Bytes to the end of the object, before the name of a property. */
  int lengthBeforeName(int next, int count, UsedTexts used, boolean unresolved) {
    int shortest = Frame.NEVER;
    int last = Math.min(firstRequired[next], properties.size() - 1);
    for (int property = next; property <= last; property++) {
      shortest = Math.min(shortest, lengthBeforeName(property, count));
    }
    if (mayBeAdditional(next, count)) {
      int property = unresolved ? secondShortestAdditional(used) : shortestAdditional(used);
      int names = used.size() + (unresolved ? 2 : 1);
      int more = Math.max(0, minProperties - count - 1);
      shortest = Math.min(shortest, property + further.bytes(names, more) + 1);
    }
    return shortest;
  }

  /** Bytes to the end of the object, before the name of a certain property. */
  private int lengthBeforeName(int property, int count) {
    return Math.min(
        Frame.NEVER, lengthOfProperty(property) + lengthAfterProperty(property + 1, count + 1, 0));
  }

  private int shortestAdditional(UsedTexts used) {
    int shortest = Frame.NEVER;
    for (Additional kind : additional) {
      shortest = Math.min(shortest, lengthOfAdditional(kind, used));
    }
    return shortest;
  }

  /**
   * An upper bound if one name is used that is not known yet: it is not both of the two shortest.
   */
  private int secondShortestAdditional(UsedTexts used) {
    TwoShortest two = new TwoShortest();
    for (Additional kind : additional) {
      if (kind.names().isPlenty(kind.names().next(0, '"'))) {
        int rest = 1 + kind.value().shortest();
        two.add(UsedTexts.shortestUnused(kind.names(), 0, used) + rest);
        two.add(UsedTexts.secondShortestUnused(kind.names(), 0, used) + rest);
      }
    }
    return two.second();
  }

  /** Bytes to the end of the object, in a name: {@code depth} bytes after its beginning. */
  int lengthInName(int node, int depth, int next, int count) {
    int shortest = Frame.NEVER;
    for (int property : names.properties(node)) {
      if (property >= next && property <= firstRequired[next]) {
        shortest = Math.min(shortest, lengthBeforeName(property, count));
      }
    }
    return shortest >= Frame.NEVER ? Frame.NEVER : shortest - depth;
  }

  /** The property whose name ends at a node. */
  int property(int node) {
    return names.properties(node)[0];
  }
}
