package io.nightshift.runtime.constraint.matcher;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Builds a {@link ByteDfa} from transitions over code points, which become their UTF-8. Unlike
 * Lucene's {@code UTF32ToUTF8}, it is deterministic without a further step and keeps the states of
 * the automaton over code points, which lengths are counted in.
 */
final class ByteDfaBuilder {
  private static final int CONTINUATION = 0x80;
  private static final int LAST_CONTINUATION = 0xBF;
  private static final int BITS = 6;
  private static final int[] FIRST_OF_LENGTH = {0, 0x80, 0x800, 0x10000, 0x110000};
  private static final int[] LEAD = {0, 0xC0, 0xE0, 0xF0};

  /** Characters, or the last bits of characters, that lead to a state. */
  record Range(int low, int high, int target) {}

  private record Edge(int low, int high, int target) {}

  private record Suffix(int bytes, List<Range> ranges) {}

  private final List<List<Edge>> edges = new ArrayList<>();
  private final List<Boolean> accept = new ArrayList<>();
  private final List<Integer> characterStates = new ArrayList<>();
  private final Map<Suffix, Integer> suffixes = new HashMap<>();
  private int freeState = -1;

  int state(boolean accepts, int characterState) {
    edges.add(new ArrayList<>());
    accept.add(accepts);
    characterStates.add(characterState);
    return edges.size() - 1;
  }

  /** Says from which state all contents of a JSON string may follow. */
  void setFreeState(int state) {
    freeState = state;
  }

  void addByte(int from, int low, int high, int to) {
    edges.get(from).add(new Edge(low, high, to));
  }

  /** Adds transitions over characters. The ranges are disjoint and in ascending order. */
  void addCharacters(int from, List<Range> ranges) {
    for (int length = 1; length <= LEAD.length; length++) {
      List<Range> clipped = new ArrayList<>();
      for (Range range : ranges) {
        int low = Math.max(range.low, FIRST_OF_LENGTH[length - 1]);
        int high = Math.min(range.high, FIRST_OF_LENGTH[length] - 1);
        if (low <= high) {
          clipped.add(new Range(low, high, range.target));
        }
      }
      addBytes(from, clipped, length - 1, LEAD[length - 1]);
    }
  }

  private void addBytes(int from, List<Range> ranges, int following, int base) {
    int shift = BITS * following;
    int mask = (1 << shift) - 1;
    Map<Integer, List<Range>> partial = new TreeMap<>();
    for (Range range : ranges) {
      int low = range.low;
      while (low <= range.high) {
        int first = low >> shift;
        int last = range.high >> shift;
        boolean whole = (low & mask) == 0;
        if (whole && (range.high & mask) != mask) {
          last--;
        }
        if (whole && first <= last) {
          Suffix any = new Suffix(following, List.of(new Range(0, mask, range.target)));
          addByte(from, base + first, base + last, suffix(any));
          low = last + 1 << shift;
        } else {
          int high = Math.min(range.high, low | mask);
          partial
              .computeIfAbsent(first, value -> new ArrayList<>())
              .add(new Range(low & mask, high & mask, range.target));
          low = high + 1;
        }
      }
    }
    partial.forEach(
        (value, rest) ->
            addByte(from, base + value, base + value, suffix(new Suffix(following, rest))));
  }

  private int suffix(Suffix suffix) {
    if (suffix.bytes == 0) {
      return suffix.ranges.get(0).target;
    }
    Integer known = suffixes.get(suffix);
    if (known != null) {
      return known;
    }
    int state = state(false, -1);
    suffixes.put(suffix, state);
    if (suffix.ranges.size() == 1 && suffix.ranges.get(0).low == 0) {
      Range range = suffix.ranges.get(0);
      int bits = BITS * (suffix.bytes - 1);
      if (range.high == (1 << BITS * suffix.bytes) - 1) {
        Suffix rest =
            new Suffix(suffix.bytes - 1, List.of(new Range(0, (1 << bits) - 1, range.target)));
        addByte(state, CONTINUATION, LAST_CONTINUATION, suffix(rest));
        return state;
      }
    }
    addBytes(state, suffix.ranges, suffix.bytes - 1, CONTINUATION);
    return state;
  }

  ByteDfa build() {
    int states = edges.size();
    int[] offsets = new int[states + 1];
    for (int state = 0; state < states; state++) {
      offsets[state + 1] = offsets[state] + edges.get(state).size();
    }
    int[] low = new int[offsets[states]];
    int[] high = new int[offsets[states]];
    int[] target = new int[offsets[states]];
    boolean[] accepts = new boolean[states];
    int[] characters = new int[states];
    int i = 0;
    for (int state = 0; state < states; state++) {
      accepts[state] = accept.get(state);
      characters[state] = characterStates.get(state);
      edges.get(state).sort(Comparator.comparingInt(Edge::low));
      for (Edge edge : edges.get(state)) {
        low[i] = edge.low;
        high[i] = edge.high;
        target[i++] = edge.target;
      }
    }
    return new ByteDfa(offsets, low, high, target, accepts, characters, freeState);
  }
}
