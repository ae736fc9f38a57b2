package io.nightshift.runtime.constraint.automaton;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A set of characters: code points other than surrogates. Immutable. */
public final class CodePointSet {
  private static final int FIRST_SURROGATE = 0xD800;
  private static final int AFTER_SURROGATES = 0xE000;
  private static final int AFTER_CHARACTERS = Character.MAX_CODE_POINT + 1;

  public static final CodePointSet NONE = new CodePointSet(new int[0]);
  public static final CodePointSet ALL =
      new CodePointSet(new int[] {0, FIRST_SURROGATE, AFTER_SURROGATES, AFTER_CHARACTERS});

  /** Sorted: from each even index (inclusive) to the next (exclusive) is in the set. */
  private final int[] bounds;

  private CodePointSet(int[] bounds) {
    this.bounds = bounds;
  }

  /** These code points; surrogates among them are left out. */
  public static CodePointSet of(int... codePoints) {
    return union(Arrays.stream(codePoints).mapToObj(c -> range(c, c)).toList());
  }

  /** The code points from {@code first} to {@code last}, both included, without surrogates. */
  public static CodePointSet range(int first, int last) {
    CodePointSet range = new CodePointSet(new int[] {first, last + 1});
    return last < FIRST_SURROGATE || first >= AFTER_SURROGATES ? range : range.intersection(ALL);
  }

  /** The characters that a predicate selects. */
  public static CodePointSet where(IntPredicate predicate) {
    IntStream.Builder changes = IntStream.builder();
    boolean inside = false;
    for (int c = 0; c <= AFTER_CHARACTERS; c++) {
      boolean selected = c < AFTER_CHARACTERS && predicate.test(c);
      if (selected != inside) {
        changes.add(c);
        inside = selected;
      }
    }
    return new CodePointSet(changes.build().toArray()).intersection(ALL);
  }

  public static CodePointSet union(CodePointSet... sets) {
    return union(List.of(sets));
  }

  public static CodePointSet union(Collection<CodePointSet> sets) {
    long[] ranges =
        sets.stream()
            .flatMapToLong(
                set ->
                    IntStream.range(0, set.rangeCount())
                        .mapToLong(i -> (long) set.first(i) << 32 | (set.last(i) + 1)))
            .sorted()
            .toArray();
    int[] merged = new int[2 * ranges.length];
    int size = 0;
    for (long range : ranges) {
      int start = (int) (range >>> 32);
      int end = (int) range;
      if (size > 0 && start <= merged[size - 1]) {
        merged[size - 1] = Math.max(merged[size - 1], end);
      } else {
        merged[size++] = start;
        merged[size++] = end;
      }
    }
    return new CodePointSet(Arrays.copyOf(merged, size));
  }

  /** The characters that are not in this set. */
  public CodePointSet complement() {
    boolean fromZero = bounds.length > 0 && bounds[0] == 0;
    boolean toEnd = bounds.length > 0 && bounds[bounds.length - 1] == AFTER_CHARACTERS;
    IntStream flipped =
        Arrays.stream(bounds, fromZero ? 1 : 0, toEnd ? bounds.length - 1 : bounds.length);
    IntStream begin = fromZero ? IntStream.empty() : IntStream.of(0);
    IntStream end = toEnd ? IntStream.empty() : IntStream.of(AFTER_CHARACTERS);
    int[] all = IntStream.concat(begin, IntStream.concat(flipped, end)).toArray();
    return new CodePointSet(all).intersection(ALL);
  }

  public CodePointSet intersection(CodePointSet other) {
    int[] common = new int[bounds.length + other.bounds.length];
    int size = 0;
    for (int i = 0, j = 0; i < rangeCount() && j < other.rangeCount(); ) {
      int first = Math.max(first(i), other.first(j));
      int last = Math.min(last(i), other.last(j));
      if (first <= last) {
        common[size++] = first;
        common[size++] = last + 1;
      }
      if (last(i) < other.last(j)) {
        i++;
      } else {
        j++;
      }
    }
    return new CodePointSet(Arrays.copyOf(common, size));
  }

  public CodePointSet minus(CodePointSet other) {
    return intersection(other.complement());
  }

  public boolean contains(int codePoint) {
    int index = Arrays.binarySearch(bounds, codePoint);
    return ((index >= 0 ? index : -index) & 1) == 0;
  }

  /** Number of maximal runs of neighboring characters. */
  public int rangeCount() {
    return bounds.length / 2;
  }

  /** First character of a run. */
  public int first(int range) {
    return bounds[2 * range];
  }

  /** Last character of a run. */
  public int last(int range) {
    return bounds[2 * range + 1] - 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodePointSet set && Arrays.equals(bounds, set.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }
}
