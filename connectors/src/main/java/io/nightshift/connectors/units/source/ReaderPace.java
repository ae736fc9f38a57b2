package io.nightshift.connectors.units.source;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a reader got last, and how fast it has been. */
final class ReaderPace {
  private final long start;
  private @Nullable WorkUnitSplit last;
  private long lastCost;
  private long begunCost;

  /**
   * @param start when it asked first, in nanoseconds
   */
  ReaderPace(long start) {
    this.start = start;
  }

  Optional<WorkUnitSplit> last() {
    return Optional.ofNullable(last);
  }

  /** It asks when it begins the last split that it has; those before that are done by then. */
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
