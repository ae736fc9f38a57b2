package io.nightshift.runtime.energy;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a device took while an engine used it.
 *
 * @param device all of it, also if others used it at the same time
 * @param startMillis when the engine began, in milliseconds since the epoch
 * @param endMillis when it ended
 * @param joules taken in between; not-a-number if not measured
 */
public record EnergyInterval(EnergyDevice device, long startMillis, long endMillis, double joules)
    implements Serializable {

  /** Whether the energy is known. */
  public boolean isMeasured() {
    return !Double.isNaN(joules);
  }

  /** Length in seconds. */
  public double seconds() {
    return (endMillis - startMillis) / 1e3;
  }

  /**
   * Intervals that do not overlap, of the same energy: where engines shared a device at the same
   * time, it counts once. Of an interval that is partly covered, energy counts by the part of its
   * time that is not. One that was measured covers one that was not.
   *
   * @param intervals of any devices
   */
  public static List<EnergyInterval> union(List<EnergyInterval> intervals) {
    List<EnergyInterval> union = new ArrayList<>();
    List<EnergyInterval> sorted = new ArrayList<>(intervals);
    sorted.sort(
        Comparator.comparing((EnergyInterval interval) -> !interval.isMeasured())
            .thenComparingLong(EnergyInterval::startMillis)
            .thenComparingLong(interval -> -interval.endMillis()));
    for (EnergyInterval interval : sorted) {
      List<EnergyInterval> rest = List.of(interval);
      for (EnergyInterval counted : List.copyOf(union)) {
        if (counted.device().equals(interval.device())) {
          rest = rest.stream().flatMap(part -> part.without(counted).stream()).toList();
        }
      }
      union.addAll(rest);
    }
    return union;
  }

  /** The parts of this interval that are outside of another one. */
  private List<EnergyInterval> without(EnergyInterval other) {
    if (other.endMillis <= startMillis || other.startMillis >= endMillis) {
      return List.of(this);
    }
    List<EnergyInterval> parts = new ArrayList<>();
    if (startMillis < other.startMillis) {
      parts.add(part(startMillis, other.startMillis));
    }
    if (other.endMillis < endMillis) {
      parts.add(part(other.endMillis, endMillis));
    }
    return parts;
  }

  private EnergyInterval part(long start, long end) {
    return new EnergyInterval(
        device, start, end, joules * (end - start) / (endMillis - startMillis));
  }
}
