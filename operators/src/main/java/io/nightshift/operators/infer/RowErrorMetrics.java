package io.nightshift.operators.infer;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Flink metrics of the rows of a task that have an error: their number for each error code. */
public final class RowErrorMetrics {
  private final MetricGroup group;
  private final Map<String, Counter> rowsByError = new HashMap<>();

  public RowErrorMetrics(MetricGroup operator) {
    group = operator.addGroup(EngineMetrics.GROUP);
  }

  /** Counts a row, if it has an error. Thread-safe. */
  public synchronized void emitted(Answer answer) {
    String code = answer.errorCode();
    if (code != null) {
      rowsByError
          .computeIfAbsent(code, name -> group.addGroup("error_code", name).counter("rowErrors"))
          .inc();
    }
  }
}
