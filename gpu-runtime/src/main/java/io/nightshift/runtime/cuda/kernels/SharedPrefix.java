package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.runner.StepSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A range of context tokens that several sequences of a step have in the same blocks of a group,
 * before all of their query tokens.
 *
 * @param sequences indices of the sequences in the step
 * @param begin the first context token, a multiple of the block size
 * @param end the context token behind the last, a multiple of the block size
 */
record SharedPrefix(int[] sequences, int begin, int end) {

  /** Number of reads of context tokens that are saved, over all sequences. */
  long saved() {
    return (long) (sequences.length - 1) * (end - begin);
  }

  /**
   * Finds the prefixes that are worth a piece of their own, by comparing block tables. They form
   * levels: what some members share beyond the others follows as a separate prefix. A sequence's
   * prefixes are in context order, without gaps from token 0.
   *
   * @param group index of the group whose block tables are compared
   * @param candidates sequences to compare; none of their blocks before the query tokens is {@link
   *     StepSequence#FREED}
   * @param minMembers minimum number of sequences that share a prefix
   * @param minSaved minimum of {@link #saved}
   */
  static List<SharedPrefix> find(
      List<StepSequence> sequences,
      int group,
      List<Integer> candidates,
      int blockSize,
      int minMembers,
      int minSaved) {
    Integer[] order = candidates.toArray(Integer[]::new);
    Search search = new Search(sequences, group, blockSize, minMembers, minSaved);
    Arrays.sort(order, search::compare);
    search.descend(order, 0, order.length, 0, 0);
    return search.found;
  }

  private static final class Search {
    private final List<StepSequence> sequences;
    private final int group;
    private final int blockSize;
    private final int minMembers;
    private final int minSaved;
    private final List<SharedPrefix> found = new ArrayList<>();

    Search(List<StepSequence> sequences, int group, int blockSize, int minMembers, int minSaved) {
      this.sequences = sequences;
      this.group = group;
      this.blockSize = blockSize;
      this.minMembers = minMembers;
      this.minSaved = minSaved;
    }

    /** Number of blocks that are full before the first query token. */
    private int usable(int sequence) {
      StepSequence s = sequences.get(sequence);
      return (s.contextLength() - s.tokens().length) / blockSize;
    }

    private int[] blocks(int sequence) {
      return sequences.get(sequence).blocks(group);
    }

    int compare(int a, int b) {
      return Arrays.compare(blocks(a), 0, usable(a), blocks(b), 0, usable(b));
    }

    /**
     * Searches {@code order[from .. to)}, which agree in the first {@code depth} blocks, of which
     * the first {@code covered} are in prefixes already.
     */
    void descend(Integer[] order, int from, int to, int depth, int covered) {
      if (to - from < minMembers) {
        return;
      }
      int[] first = blocks(order[from]);
      int[] last = blocks(order[to - 1]);
      // The order is sorted: all share what the first and the last share.
      int limit = Math.min(usable(order[from]), usable(order[to - 1]));
      int common = depth;
      while (common < limit && first[common] == last[common]) {
        common++;
      }
      int next = covered;
      long saved = (long) (to - from - 1) * (common - covered) * blockSize;
      if (common > covered && saved >= minSaved) {
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
      return !has || blocks(a)[block] == blocks(b)[block];
    }
  }
}
