package io.nightshift.connectors.units.source;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The last split of a reader, and its speed so far. */
final class ReaderPace {
  private final long start;
  private @Nullable WorkUnitSplit last;
  private long lastCost;
  private long begunCost;

  /**
   * @param start time of its first request, in nanoseconds
   */
  ReaderPace(long start) {
    this.start = start;
  }

  Optional<WorkUnitSplit> last() {
    return Optional.ofNullable(last);
  }

  /**
   * Records a new split. A reader asks for it when it starts its last one; those before are done by
   * then.
   */
  void give(WorkUnitSplit split, long cost) {
    begunCost += lastCost;
    last = split;
    lastCost = cost;
  }

  /** Cost per nanosecond; 0 while it is not known. */
  double speed(long now) {
    return now > start ? (double) begunCost / (now - start) : 0;
  }
}
