package io.nightshift.connectors.units;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkUnitSourceITCase {
  private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();

  @TempDir Path folder;

  @BeforeEach
  void reset() {
    FAILURES_LEFT.set(0);
  }

  @Test
  void everyRowOnce() throws Exception {
    PlanFixture fixture = fixture(1000);

    List<String> rows = run(fixture, 2);

    assertThat(rows).containsExactlyInAnyOrderElementsOf(expected(fixture));
    assertThat(ArrowMemory.allocator().getAllocatedMemory()).isZero();
  }

  @Test
  void everyRowOnceThroughFailures() throws Exception {
    PlanFixture fixture = fixture(6000);
    FAILURES_LEFT.set(3);

    List<String> rows = run(fixture, 2);

    assertThat(FAILURES_LEFT.get()).isZero();
    assertThat(rows).containsExactlyInAnyOrderElementsOf(expected(fixture));
    assertThat(ArrowMemory.allocator().getAllocatedMemory()).isZero();
  }

  private PlanFixture fixture(int rows) throws IOException {
    return PlanFixture.write(
        new org.apache.flink.core.fs.Path(folder.toUri()), rows, 2000, 11, ArrowMemory.allocator());
  }

  private static List<String> expected(PlanFixture fixture) {
    return fixture.rows.stream().map(List::toString).toList();
  }

  private static List<String> run(PlanFixture fixture, int parallelism) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 10);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
    env.enableCheckpointing(20);
    DataStream<String> rows =
        env.fromSource(
                new WorkUnitSource(fixture.folder, fixture.manifest.units()),
                WatermarkStrategy.noWatermarks(),
                "units")
            .map(new FailAfterCheckpoints())
            .flatMap(new ToText());
    List<String> result = new ArrayList<>();
    try (CloseableIterator<String> iterator = rows.executeAndCollect()) {
      iterator.forEachRemaining(result::add);
    }
    return result;
  }

  /** Fails some batches behind a completed checkpoint, so that a restored position matters. */
  private static final class FailAfterCheckpoints
      implements MapFunction<ArrowBatch, ArrowBatch>, CheckpointListener {
    private static final long serialVersionUID = 1;

    private boolean checkpointed;
    private int batchesSince;

    @Override
    public ArrowBatch map(ArrowBatch batch) throws InterruptedException {
      if (checkpointed && ++batchesSince == 3 && failsNow()) {
        try (batch) {
          throw new IllegalStateException("told to fail at " + batch);
        }
      }
      // Slow enough for checkpoints to fall between the batches.
      try {
        Thread.sleep(FAILURES_LEFT.get() > 0 ? 2 : 0);
      } catch (InterruptedException cancelled) {
        batch.close();
        throw cancelled;
      }
      return batch;
    }

    private static boolean failsNow() {
      return FAILURES_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      checkpointed = true;
    }
  }

  private static final class ToText implements FlatMapFunction<ArrowBatch, String> {
    private static final long serialVersionUID = 1;

    @Override
    public void flatMap(ArrowBatch batch, Collector<String> rows) throws IOException {
      try (batch) {
        PlanFixture.rowsOf(batch).forEach(row -> rows.collect(row.toString()));
      }
    }
  }
}
