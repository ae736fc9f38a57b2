package io.nightshift.runtime.constraint.matcher;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many bytes words need that differ from each other and from those before them. The number is
 * an upper bound that depends on how many words there were, not on which: of the n + 1 shortest
 * words, n words use up all but one.
 */
final class DistinctWords {
  // By number of words: bytes of the shortest ones, and one more for each.
  private final int[] sums;

  /**
   * @param lengths bytes of the shortest words of each kind
   * @param most maximum number of words, those before included
   */
  DistinctWords(List<int[]> lengths, int most) {
    int[] shortest = lengths.stream().flatMapToInt(IntStream::of).sorted().limit(most).toArray();
    sums = new int[most + 1];
    Arrays.fill(sums, shortest.length + 1, most + 1, Frame.NEVER);
    for (int i = 0; i < shortest.length; i++) {
      sums[i + 1] = (int) Math.min(Frame.NEVER, sums[i] + 1L + shortest[i]);
    }
  }

  /** Bytes of a number of further words, with a comma for each. */
  int bytes(int before, int count) {
    if (count == 0) {
      return 0;
    }
    int all = sums[before + count];
    return all >= Frame.NEVER ? Frame.NEVER : all - sums[before];
  }

  /** The numbers of bytes of the shortest words of an automaton, in ascending order. */
  static int[] lengths(ByteDfa words, int most) {
    int[] lengths = new int[most];
    int count = 0;
    long[] paths = new long[words.states()];
    paths[0] = 1;
    for (int length = 0; count < most && length <= Machines.MAX_BYTES; length++) {
      long[] longer = new long[paths.length];
      long found = 0;
      boolean more = false;
      for (int state = 0; state < paths.length; state++) {
        if (paths[state] == 0) {
          continue;
        }
        found += words.accepts(state) ? paths[state] : 0;
        for (int i = words.firstTransition(state); i < words.afterTransitions(state); i++) {
          long values = words.high(i) - words.low(i) + 1L;
          int target = words.target(i);
          longer[target] = Math.min(most, longer[target] + values * paths[state]);
          more = true;
        }
      }
      int end = (int) Math.min(most, count + found);
      Arrays.fill(lengths, count, end, length);
      count = end;
      if (!more) {
        break;
      }
      paths = longer;
    }
    return Arrays.copyOf(lengths, count);
  }
}
