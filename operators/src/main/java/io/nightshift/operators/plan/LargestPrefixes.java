package io.nightshift.operators.plan;

import java.util.ArrayList;
import java.util.List;

/** Keeps the prefixes that save most. */
final class LargestPrefixes {
  /** More than are shown, since a prefix may be in several ranges. */
  private static final int KEPT = 20;

  private final List<PlannedPrefix> largest = new ArrayList<>();

  /** Whether a prefix that saves so many tokens would be kept. */
  boolean keeps(long savedTokens) {
    return largest.size() < KEPT || savedTokens > largest.get(largest.size() - 1).savedTokens();
  }

  /** Takes a prefix; what the same prefix saves in two ranges of the plan counts together. */
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

  /** The prefixes kept so far, the one that saves most first. */
  List<PlannedPrefix> toList() {
    return List.copyOf(largest);
  }
}
