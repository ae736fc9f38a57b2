package io.nightshift.runtime.energy;

import java.util.ArrayList;
import java.util.List;

/**
 * The energy that engines took. What they shared at the same time counts once.
 *
 * @param intervals for which engines used devices
 * @param notMeasured why devices were not measured, a line for each
 */
public record MeasuredEnergy(List<EnergyInterval> intervals, List<String> notMeasured) {
  /** Nothing that takes energy. */
  public static final MeasuredEnergy NONE = new MeasuredEnergy(List.of(), List.of());

  public MeasuredEnergy {
    intervals = List.copyOf(intervals);
    notMeasured = List.copyOf(notMeasured);
  }

  /** Joules of the devices of a kind, as far as they were measured; not-a-number if none was. */
  public double joules(EnergyDevice.Kind kind) {
    List<EnergyInterval> measured = of(kind).stream().filter(EnergyInterval::isMeasured).toList();
    return measured.isEmpty()
        ? Double.NaN
        : measured.stream().mapToDouble(EnergyInterval::joules).sum();
  }

  /** Joules of all devices, as far as they were measured; not-a-number if none was. */
  public double joules() {
    double gpus = joules(EnergyDevice.Kind.GPU);
    double cpus = joules(EnergyDevice.Kind.CPU);
    return Double.isNaN(gpus) ? cpus : Double.isNaN(cpus) ? gpus : gpus + cpus;
  }

  /** Seconds of the devices of a kind, added up, whether or not they were measured. */
  public double deviceSeconds(EnergyDevice.Kind kind) {
    return of(kind).stream().mapToDouble(EnergyInterval::seconds).sum();
  }

  /** Seconds in which any device was used. */
  public double seconds() {
    EnergyDevice any = new EnergyDevice(EnergyDevice.Kind.CPU, "any");
    List<EnergyInterval> times =
        intervals.stream()
            .map(used -> new EnergyInterval(any, used.startMillis(), used.endMillis(), 0))
            .toList();
    return EnergyInterval.union(times).stream().mapToDouble(EnergyInterval::seconds).sum();
  }

  /** Whether devices of a kind were used. */
  public boolean uses(EnergyDevice.Kind kind) {
    return intervals.stream().anyMatch(interval -> interval.device().kind() == kind);
  }

  /** Both. */
  public MeasuredEnergy plus(MeasuredEnergy other) {
    List<EnergyInterval> all = new ArrayList<>(intervals);
    all.addAll(other.intervals);
    List<String> causes = new ArrayList<>(notMeasured);
    other.notMeasured.stream().filter(cause -> !causes.contains(cause)).forEach(causes::add);
    return new MeasuredEnergy(all, causes);
  }

  private List<EnergyInterval> of(EnergyDevice.Kind kind) {
    return EnergyInterval.union(
        intervals.stream().filter(interval -> interval.device().kind() == kind).toList());
  }
}
