package io.nightshift.connectors.units.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.parquet.sink.ParquetFiles;
import io.nightshift.connectors.parquet.sink.ParquetSink;
import io.nightshift.connectors.units.KeyNames;
import io.nightshift.connectors.units.UnitsFixture;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.WorkUnitReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkUnitSourceITCase {
  private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void everyRowOnceThroughFailures(int failures) throws Exception {
    UnitsFixture fixture =
        UnitsFixture.write(path("plan"), 3000, 1500, 11, ArrowMemory.allocator());
    FAILURES_LEFT.set(failures);

    run(fixture, path("output"));

    assertThat(FAILURES_LEFT.get()).isZero();
    assertThat(inPlanOrder(rowsIn(folder.resolve("output")))).isEqualTo(fixture.rowsFromAbove());
    assertThat(ArrowMemory.allocator().getAllocatedMemory()).isZero();
  }

  private static void run(UnitsFixture fixture, org.apache.flink.core.fs.Path output)
      throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 10);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
    env.enableCheckpointing(50);
    env.fromSource(
            new WorkUnitSource(
                new Units(
                    fixture.folder.getParent(),
                    fixture.folder.getName(),
                    List.copyOf(fixture.units)),
                UnassignedRows.of(fixture.units, Map.of())),
            WatermarkStrategy.noWatermarks(),
            "units")
        .map(new FailAfterCheckpoints())
        .sinkTo(ParquetSink.builder().path(output).schema(schemaOf(fixture)).build());
    env.execute();
  }

  private static Schema schemaOf(UnitsFixture fixture) throws IOException {
    try (WorkUnitReader reader = fixture.reader(0, ArrowMemory.allocator());
        ArrowBatch batch = reader.next().orElseThrow()) {
      return batch.root().getSchema();
    }
  }

  private static List<List<@Nullable Object>> inPlanOrder(List<List<@Nullable Object>> rows) {
    return rows.stream()
        .sorted(
            Comparator.comparing((List<@Nullable Object> row) -> (String) row.get(0))
                .thenComparing(row -> (Long) row.get(1)))
        .toList();
  }

  private static List<List<@Nullable Object>> rowsIn(Path folder) throws IOException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".parquet")).toList()) {
        try (ArrowBatch batch =
            ParquetFiles.read(
                new org.apache.flink.core.fs.Path(file.toUri()),
                Integer.MAX_VALUE,
                ArrowMemory.allocator())) {
          rows.addAll(UnitsFixture.rowsOf(batch));
        }
      }
    }
    return rows;
  }

  private org.apache.flink.core.fs.Path path(String name) {
    return new org.apache.flink.core.fs.Path(folder.resolve(name).toUri());
  }

  /**
   * @param folder above that of the units
   */
  private record Units(org.apache.flink.core.fs.Path folder, String name, List<WorkUnit> listed)
      implements WorkUnits {
    @Override
    public KeyNames keyNames() {
      return UnitsFixture.KEY;
    }

    @Override
    public long rowCost() {
      return 4;
    }

    @Override
    public List<WorkUnit> units() {
      return listed.stream().map(unit -> unit.inFolder(name)).toList();
    }
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
}
