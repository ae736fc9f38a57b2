package io.nightshift.operators.report;

import io.nightshift.runtime.energy.EnergyInterval;
import io.nightshift.runtime.energy.MeasuredEnergy;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The energy that engines took.
 *
 * @param byTask intervals of each task's engines, by the task's number
 * @param notMeasured why devices were not measured
 */
public record EnergyReadings(
    TreeMap<Integer, ArrayList<EnergyInterval>> byTask, TreeSet<String> notMeasured)
    implements Serializable {

  /** No engine has begun. */
  public static final EnergyReadings NONE = new EnergyReadings(new TreeMap<>(), new TreeSet<>());

  /** Those of one task. */
  public static EnergyReadings of(
      int task, List<EnergyInterval> intervals, List<String> notMeasured) {
    return new EnergyReadings(
        new TreeMap<>(Map.of(task, new ArrayList<>(intervals))), new TreeSet<>(notMeasured));
  }

  /** Both. */
  EnergyReadings plus(EnergyReadings other) {
    TreeMap<Integer, ArrayList<EnergyInterval>> sum = new TreeMap<>(byTask);
    other.byTask.forEach(
        (task, intervals) ->
            sum.merge(
                task,
                intervals,
                (some, others) -> {
                  ArrayList<EnergyInterval> all = new ArrayList<>(some);
                  all.addAll(others);
                  return all;
                }));
    TreeSet<String> causes = new TreeSet<>(notMeasured);
    causes.addAll(other.notMeasured);
    return new EnergyReadings(sum, causes);
  }

  /** Joules of each task whose devices were measured. */
  public Map<Integer, Double> joulesByTask() {
    Map<Integer, Double> joules = new TreeMap<>();
    byTask.forEach((task, intervals) -> joules.put(task, joules(intervals)));
    joules.values().removeIf(value -> value.isNaN());
    return joules;
  }

  private static double joules(List<EnergyInterval> intervals) {
    return new MeasuredEnergy(intervals, List.of()).joules();
  }

  /** That of all tasks. */
  public MeasuredEnergy total() {
    return new MeasuredEnergy(
        byTask.values().stream().flatMap(List::stream).toList(), List.copyOf(notMeasured));
  }
}
