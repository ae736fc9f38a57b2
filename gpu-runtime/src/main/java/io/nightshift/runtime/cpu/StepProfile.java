package io.nightshift.runtime.cpu;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Time of all steps by stage, summed over the workers. */
public final class StepProfile {
  private final Map<ForwardStage, Long> nanoseconds = new EnumMap<>(ForwardStage.class);

  StepProfile(Iterable<StageClock> clocks) {
    for (ForwardStage stage : ForwardStage.values()) {
      long sum = 0;
      for (StageClock clock : clocks) {
        sum += clock.nanoseconds(stage);
      }
      nanoseconds.put(stage, sum);
    }
  }

  /** Seconds spent in {@code stage} by all workers together. */
  public double seconds(ForwardStage stage) {
    return nanoseconds.getOrDefault(stage, 0L) / 1e9;
  }

  /** One line per stage: seconds and percentage. */
  @Override
  public String toString() {
    double total = nanoseconds.values().stream().mapToLong(Long::longValue).sum() / 1e9;
    StringBuilder text = new StringBuilder();
    nanoseconds.forEach(
        (stage, nanos) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "%-18s %8.2f s %5.1f %%%n",
                    stage,
                    nanos / 1e9,
                    nanos / 1e7 / total)));
    return text.toString();
  }
}
