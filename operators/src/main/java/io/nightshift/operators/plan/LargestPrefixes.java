package io.nightshift.operators.plan;

import java.util.ArrayList;
import java.util.List;

/** Keeps the prefixes that save the most tokens. */
final class LargestPrefixes {
  /** More than are shown, because a prefix may be in several ranges. */
  private static final int KEPT = 20;

  private final List<PlannedPrefix> largest = new ArrayList<>();

  /** Whether a prefix that saves this many tokens would be kept. */
  boolean keeps(long savedTokens) {
    return largest.size() < KEPT || savedTokens > largest.get(largest.size() - 1).savedTokens();
  }

  /** Adds a prefix; the savings of the same prefix in two ranges of the plan are summed. */
  void add(PlannedPrefix prefix) {
    int known = 0;
    while (known < largest.size() && !largest.get(known).sameTokens(prefix)) {
      known++;
    }
    if (known < largest.size()) {
      largest.set(known, largest.get(known).plus(prefix));
    } else {
      largest.add(prefix);
    }
    largest.sort(PlannedPrefix.BY_SAVING);
    if (largest.size() > KEPT) {
      largest.remove(KEPT);
    }
  }

  /** The prefixes kept so far, ordered by descending savings. */
  List<PlannedPrefix> toList() {
    return List.copyOf(largest);
  }
}
