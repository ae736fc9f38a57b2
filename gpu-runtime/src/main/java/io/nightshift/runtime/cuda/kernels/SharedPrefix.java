package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.runner.StepSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A range of context tokens that several sequences of a step have in the same blocks, before all of
 * their query tokens.
 *
 * @param sequences indices in the step
 * @param begin first context token, a multiple of the block size
 * @param end context token behind the last, likewise
 */
record SharedPrefix(int[] sequences, int begin, int end) {

  /** Context tokens that are read once instead of once for each sequence. */
  long saved() {
    return (long) (sequences.length - 1) * (end - begin);
  }

  /**
   * The prefixes that are worth a piece of their own, found by comparing block tables. They form
   * levels: what some members share beyond the others follows as a prefix of its own. A sequence's
   * prefixes come in context order, without gaps from token 0 on.
   *
   * @param candidates sequences to look at
   * @param leastMembers sequences that must share a prefix
   * @param leastSaved context tokens that need not be read again, over all members
   */
  static List<SharedPrefix> find(
      List<StepSequence> sequences,
      List<Integer> candidates,
      int blockSize,
      int leastMembers,
      int leastSaved) {
    Integer[] order = candidates.toArray(Integer[]::new);
    Search search = new Search(sequences, blockSize, leastMembers, leastSaved);
    Arrays.sort(order, search::compare);
    search.descend(order, 0, order.length, 0, 0);
    return search.found;
  }

  private static final class Search {
    private final List<StepSequence> sequences;
    private final int blockSize;
    private final int leastMembers;
    private final int leastSaved;
    private final List<SharedPrefix> found = new ArrayList<>();

    Search(List<StepSequence> sequences, int blockSize, int leastMembers, int leastSaved) {
      this.sequences = sequences;
      this.blockSize = blockSize;
      this.leastMembers = leastMembers;
      this.leastSaved = leastSaved;
    }

    /** Blocks that are full before the first query token. */
    private int usable(int sequence) {
      StepSequence s = sequences.get(sequence);
      return (s.contextLength() - s.tokens().length) / blockSize;
    }

    int compare(int a, int b) {
      return Arrays.compare(
          sequences.get(a).blocks(), 0, usable(a), sequences.get(b).blocks(), 0, usable(b));
    }

    /**
     * Searches {@code order[from .. to)}, which agree in the first {@code depth} blocks, of which
     * the first {@code covered} are in prefixes already.
     */
    void descend(Integer[] order, int from, int to, int depth, int covered) {
      if (to - from < leastMembers) {
        return;
      }
      int[] first = sequences.get(order[from]).blocks();
      int[] last = sequences.get(order[to - 1]).blocks();
      // They are sorted: what the first and the last share, all share.
      int limit = Math.min(usable(order[from]), usable(order[to - 1]));
      int common = depth;
      while (common < limit && first[common] == last[common]) {
        common++;
      }
      int next = covered;
      long saved = (long) (to - from - 1) * (common - covered) * blockSize;
      if (common > covered && saved >= leastSaved) {
        int[] members = new int[to - from];
        Arrays.setAll(members, i -> order[from + i]);
        found.add(new SharedPrefix(members, covered * blockSize, common * blockSize));
        next = common;
      }
      int start = from;
      while (start < to) {
        int end = start + 1;
        while (end < to && agree(order[start], order[end], common)) {
          end++;
        }
        if (usable(order[start]) > common) {
          descend(order, start, end, common + 1, next);
        }
        start = end;
      }
    }

    private boolean agree(int a, int b, int block) {
      boolean has = usable(a) > block;
      if (has != usable(b) > block) {
        return false;
      }
      return !has || sequences.get(a).blocks()[block] == sequences.get(b).blocks()[block];
    }
  }
}
