package io.nightshift.job.report.runs;

import io.nightshift.operators.report.EngineSample;
import io.nightshift.operators.report.EngineSeries;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMilliTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** The columns of a record's file: a row for each sample of an engine. */
final class SampleColumns {
  private static final ArrowType TEXT = ArrowType.Utf8.INSTANCE;
  private static final ArrowType INT32 = new ArrowType.Int(32, true);
  private static final ArrowType INT64 = new ArrowType.Int(64, true);
  private static final ArrowType INSTANT = new ArrowType.Timestamp(TimeUnit.MILLISECOND, "UTC");

  static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.notNullable("task", INT32),
              Field.notNullable("attempt", INT32),
              Field.notNullable("host", TEXT),
              Field.notNullable("device", TEXT),
              Field.notNullable("dtype", TEXT),
              Field.notNullable("begin", INSTANT),
              Field.notNullable("end", INSTANT),
              Field.notNullable("rows", INT64),
              Field.notNullable("prompt_tokens", INT64),
              Field.notNullable("cached_tokens", INT64),
              Field.notNullable("output_tokens", INT64),
              Field.notNullable("steps", INT64),
              Field.notNullable("step_nanos", INT64),
              Field.notNullable("running_requests", INT64),
              Field.notNullable("waiting_requests", INT64),
              Field.notNullable("preemptions", INT64),
              Field.notNullable("idle_millis", INT64)));

  private final VectorSchemaRoot root;

  /**
   * @param root of this schema; it belongs to the caller
   */
  SampleColumns(VectorSchemaRoot root) {
    this.root = root;
  }

  /** Writes all samples. */
  void write(List<EngineSeries> engines) {
    int row = 0;
    for (EngineSeries engine : engines) {
      long begin = engine.startMillis();
      for (EngineSample sample : engine.samples()) {
        write(row++, engine, begin, sample);
        begin = sample.endMillis();
      }
    }
    root.setRowCount(row);
  }

  private void write(int row, EngineSeries engine, long begin, EngineSample sample) {
    ((IntVector) root.getVector("task")).setSafe(row, engine.task());
    ((IntVector) root.getVector("attempt")).setSafe(row, engine.attempt());
    text(row, "host", engine.host());
    text(row, "device", engine.device());
    text(row, "dtype", engine.dtype());
    ((TimeStampMilliTZVector) root.getVector("begin")).setSafe(row, begin);
    ((TimeStampMilliTZVector) root.getVector("end")).setSafe(row, sample.endMillis());
    number(row, "rows", sample.rows());
    number(row, "prompt_tokens", sample.promptTokens());
    number(row, "cached_tokens", sample.cachedTokens());
    number(row, "output_tokens", sample.outputTokens());
    number(row, "steps", sample.steps());
    number(row, "step_nanos", sample.stepNanos());
    number(row, "running_requests", sample.runningRequests());
    number(row, "waiting_requests", sample.waitingRequests());
    number(row, "preemptions", sample.preemptions());
    number(row, "idle_millis", sample.idleMillis());
  }

  private void text(int row, String column, String value) {
    ((VarCharVector) root.getVector(column)).setSafe(row, value.getBytes(StandardCharsets.UTF_8));
  }

  private void number(int row, String column, long value) {
    ((BigIntVector) root.getVector(column)).setSafe(row, value);
  }

  /** Adds the samples to those of their engines, by task and attempt. */
  void readInto(Map<List<Integer>, EngineSeries> engines) {
    for (int row = 0; row < root.getRowCount(); row++) {
      int current = row;
      int task = ((IntVector) root.getVector("task")).get(row);
      int attempt = ((IntVector) root.getVector("attempt")).get(row);
      EngineSeries engine =
          engines.computeIfAbsent(
              List.of(task, attempt),
              key ->
                  new EngineSeries(
                      task,
                      attempt,
                      text(current, "host"),
                      text(current, "device"),
                      text(current, "dtype"),
                      ((TimeStampMilliTZVector) root.getVector("begin")).get(current),
                      new ArrayList<>()));
      engine.samples().add(sample(row));
    }
  }

  private EngineSample sample(int row) {
    return new EngineSample(
        ((TimeStampMilliTZVector) root.getVector("end")).get(row),
        number(row, "rows"),
        number(row, "prompt_tokens"),
        number(row, "cached_tokens"),
        number(row, "output_tokens"),
        number(row, "steps"),
        number(row, "step_nanos"),
        number(row, "running_requests"),
        number(row, "waiting_requests"),
        number(row, "preemptions"),
        number(row, "idle_millis"));
  }

  private String text(int row, String column) {
    return Objects.requireNonNull(((VarCharVector) root.getVector(column)).getObject(row))
        .toString();
  }

  private long number(int row, String column) {
    return ((BigIntVector) root.getVector(column)).get(row);
  }

  /** Engines without samples, by task and attempt. */
  static Map<List<Integer>, EngineSeries> engines() {
    return new TreeMap<>(
        (one, other) -> {
          int byTask = Integer.compare(one.get(0), other.get(0));
          return byTask != 0 ? byTask : Integer.compare(one.get(1), other.get(1));
        });
  }
}
