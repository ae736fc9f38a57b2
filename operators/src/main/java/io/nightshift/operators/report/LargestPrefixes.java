package io.nightshift.operators.report;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.accumulators.Accumulator;
import org.apache.flink.api.common.accumulators.SimpleAccumulator;

/**
 * Accumulates the prefixes that save most. The task's thread adds while a heartbeat serializes: a
 * list is never changed once it can be seen.
 */
public final class LargestPrefixes implements SimpleAccumulator<ArrayList<SharedPrefix>> {
  private static final long serialVersionUID = 1L;

  /** More than are shown, since a prefix may be in several ranges. */
  private static final int KEPT = 20;

  /** Name of the accumulator. */
  public static final String NAME = "LARGEST_PREFIXES";

  private volatile ArrayList<SharedPrefix> largest = new ArrayList<>();

  /** Whether a prefix that saves so many tokens would be kept. */
  public boolean keeps(long savedTokens) {
    List<SharedPrefix> now = largest;
    return now.size() < KEPT || savedTokens > now.get(now.size() - 1).savedTokens();
  }

  @Override
  public void add(ArrayList<SharedPrefix> prefixes) {
    ArrayList<SharedPrefix> all = new ArrayList<>(largest);
    for (SharedPrefix prefix : prefixes) {
      int known = 0;
      while (known < all.size() && !all.get(known).sameTokens(prefix)) {
        known++;
      }
      if (known < all.size()) {
        all.set(known, all.get(known).plus(prefix));
      } else {
        all.add(prefix);
      }
    }
    all.sort(SharedPrefix.BY_SAVING);
    largest = new ArrayList<>(all.subList(0, Math.min(KEPT, all.size())));
  }

  @Override
  public ArrayList<SharedPrefix> getLocalValue() {
    return largest;
  }

  @Override
  public void resetLocal() {
    largest = new ArrayList<>();
  }

  @Override
  public void merge(Accumulator<ArrayList<SharedPrefix>, ArrayList<SharedPrefix>> other) {
    add(other.getLocalValue());
  }

  @Override
  public Accumulator<ArrayList<SharedPrefix>, ArrayList<SharedPrefix>> clone() {
    LargestPrefixes copy = new LargestPrefixes();
    copy.add(largest);
    return copy;
  }
}
