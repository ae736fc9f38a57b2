package io.nightshift.operators.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ListIterator;

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

  /**
   * The prefixes of the rows of two ranges. Where all rows of a range go on in the same way, it has
   * a longer prefix in place of the one that it shares with the other range, and is divided there.
   */
  static List<PlannedPrefix> sum(List<PlannedPrefix> one, List<PlannedPrefix> other) {
    LargestPrefixes sum = new LargestPrefixes();
    divided(one, other).forEach(sum::add);
    divided(other, one).forEach(sum::add);
    return sum.toList();
  }

  /** A range's prefixes, and those of another range that some of them begin with. */
  private static List<PlannedPrefix> divided(List<PlannedPrefix> range, List<PlannedPrefix> other) {
    List<PlannedPrefix> divided = new ArrayList<>(range);
    other.stream()
        .filter(cut -> range.stream().noneMatch(cut::sameTokens))
        .sorted(Comparator.comparingInt(cut -> cut.tokens().length))
        .forEach(cut -> divide(divided, cut));
    return divided;
  }

  private static void divide(List<PlannedPrefix> prefixes, PlannedPrefix cut) {
    int length = cut.tokens().length;
    long rows = 0;
    long saved = 0;
    for (ListIterator<PlannedPrefix> each = prefixes.listIterator(); each.hasNext(); ) {
      PlannedPrefix longer = each.next();
      int parent = longer.parentLength();
      if (longer.beginsWith(cut) && parent <= length) {
        long before = (longer.rows() - 1) * (length - parent);
        rows += longer.rows();
        saved += before;
        each.set(new PlannedPrefix(longer.tokens(), longer.rows(), longer.savedTokens() - before));
      }
    }
    if (rows > 0) {
      prefixes.add(new PlannedPrefix(cut.tokens(), rows, saved));
    }
  }

  /** The prefixes kept so far, ordered by descending savings. */
  List<PlannedPrefix> toList() {
    return List.copyOf(largest);
  }
}
