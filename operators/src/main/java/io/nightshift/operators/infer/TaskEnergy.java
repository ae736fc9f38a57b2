package io.nightshift.operators.infer;

import io.nightshift.operators.report.EnergyAccumulator;
import io.nightshift.operators.report.EnergyReadings;
import io.nightshift.runtime.energy.EnergyDevice;
import io.nightshift.runtime.energy.EnergyInterval;
import io.nightshift.runtime.energy.EnergyMeter;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple5;

/**
 * The energy that the engines of a task took, as an accumulator of the job. As {@link AnswerCounts}
 * it is part of the checkpointed state: what engines of earlier attempts took up to the last
 * checkpoint counts, and what they took after it does not.
 */
final class TaskEnergy {
  private final ListState<Tuple5<String, String, Long, Long, Double>> state;
  private final EnergyAccumulator accumulator = new EnergyAccumulator();
  private final List<EnergyInterval> before = new ArrayList<>();
  private final int task;
  private EnergyMeter meter = new EnergyMeter(List.of());

  /** Registers the accumulator and restores it from the state. */
  TaskEnergy(RuntimeContext context, OperatorStateStore store) throws Exception {
    state =
        store.getListState(
            new ListStateDescriptor<>(
                "energy",
                Types.TUPLE(Types.STRING, Types.STRING, Types.LONG, Types.LONG, Types.DOUBLE)));
    for (Tuple5<String, String, Long, Long, Double> interval : state.get()) {
      before.add(
          new EnergyInterval(
              new EnergyDevice(EnergyDevice.Kind.valueOf(interval.f0), interval.f1),
              interval.f2,
              interval.f3,
              interval.f4));
    }
    task = context.getTaskInfo().getIndexOfThisSubtask();
    context.addAccumulator(EnergyAccumulator.NAME, accumulator);
  }

  /** The task's engine has been created. */
  void measure(EnergyMeter engine) {
    meter = engine;
  }

  /**
   * Publishes what is known.
   *
   * @param busy whether the engine has work, so that it is using its devices now
   */
  void publish(boolean busy) {
    if (busy) {
      meter.read();
    }
    accumulator.publish(EnergyReadings.of(task, intervals(), meter.measured().notMeasured()));
  }

  private List<EnergyInterval> intervals() {
    List<EnergyInterval> all = new ArrayList<>(before);
    all.addAll(meter.measured().intervals());
    return all;
  }

  /** Writes what is known to the state. */
  void snapshot() throws Exception {
    List<Tuple5<String, String, Long, Long, Double>> intervals = new ArrayList<>();
    for (EnergyInterval interval : intervals()) {
      intervals.add(
          Tuple5.of(
              interval.device().kind().name(),
              interval.device().id(),
              interval.startMillis(),
              interval.endMillis(),
              interval.joules()));
    }
    state.update(intervals);
  }
}
