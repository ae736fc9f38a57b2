package io.nightshift.operators.report;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an engine did over time. There are at most {@value #MAX_SAMPLES} samples: neighbors are
 * merged as the run grows.
 *
 * @param task number of its task, from 0
 * @param attempt of the task, from 0: a task that Flink restarts has another engine
 * @param host that it runs on
 * @param device that computes
 * @param dtype of the weights
 * @param startMillis beginning of the first interval, in milliseconds since the epoch
 * @param samples in the order of time
 */
public record EngineSeries(
    int task,
    int attempt,
    String host,
    String device,
    String dtype,
    long startMillis,
    ArrayList<EngineSample> samples)
    implements Serializable {

  /** Maximum number of samples: enough for a chart, and some kilobytes in a heartbeat. */
  public static final int MAX_SAMPLES = 128;

  /** An engine that has done nothing yet. */
  public static EngineSeries beginning(
      int task, int attempt, String host, String device, String dtype) {
    return new EngineSeries(task, attempt, host, device, dtype, 0, new ArrayList<>());
  }

  /** The same engine with other samples. */
  public EngineSeries with(long start, List<EngineSample> others) {
    return new EngineSeries(task, attempt, host, device, dtype, start, new ArrayList<>(others));
  }

  /** Identifies the engine in its job. Names sort as tasks and attempts do. */
  String name() {
    return String.format(Locale.ROOT, "%06d-%06d", task, attempt);
  }

  /** All samples as one. */
  public EngineSample total() {
    return samples.stream().reduce(EngineSample.NONE, EngineSample::plus);
  }
}
