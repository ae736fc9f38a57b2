package io.nightshift.operators.plan;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Finds the nodes of the prefix tree that save the most tokens in one pass over sorted prompts, and
 * counts what neighbors share. Each node is an interval of neighbors with a common prefix (the
 * lcp-intervals of Abouelhoda et al., 2004). Keeps one path of the tree in memory.
 */
final class PrefixSurvey {
  private record Open(int length, long firstRow) {}

  private final LargestPrefixes largest;
  private final Deque<Open> path = new ArrayDeque<>();
  private PromptSharing sharing = PromptSharing.NONE;
  private int[] first = {};
  private int[] previous = {};
  private int longest;
  private long rows;

  PrefixSurvey(LargestPrefixes largest) {
    this.largest = largest;
  }

  /** Adds the next prompt. */
  void add(int[] tokens) {
    PromptSharing shared = PromptSharing.between(previous, tokens);
    sharing = sharing.plus(shared);
    int common = (int) shared.sharedTokens();
    long firstRow = close(common);
    if (common > 0 && (path.isEmpty() || path.getFirst().length() < common)) {
      path.push(new Open(common, firstRow));
    }
    if (rows == 0) {
      first = tokens;
    }
    previous = tokens;
    longest = Math.max(longest, tokens.length);
    rows++;
  }

  /** What the prompts share so far, each with the one before it. */
  PromptSharing sharing() {
    return sharing;
  }

  /** Tokens of the longest prompt so far. */
  int longest() {
    return longest;
  }

  /** The first prompt; empty before it. */
  int[] first() {
    return first;
  }

  /** The last prompt so far; empty before the first one. */
  int[] last() {
    return previous;
  }

  /** Ends the survey. */
  void finish() {
    close(0);
  }

  /**
   * Ends the nodes that are longer than {@code length}. Returns the first row of the last of them.
   */
  private long close(int length) {
    long firstRow = rows - 1;
    while (!path.isEmpty() && path.getFirst().length() > length) {
      Open node = path.pop();
      int parent = Math.max(length, path.isEmpty() ? 0 : path.getFirst().length());
      long count = rows - node.firstRow();
      long saved = (count - 1) * (node.length() - parent);
      if (largest.keeps(saved)) {
        int[] prefix = Arrays.copyOf(previous, node.length());
        largest.add(new PlannedPrefix(prefix, count, saved));
      }
      firstRow = node.firstRow();
    }
    return firstRow;
  }
}
