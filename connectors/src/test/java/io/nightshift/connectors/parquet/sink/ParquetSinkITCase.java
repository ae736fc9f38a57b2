package io.nightshift.connectors.parquet.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.parquet.PythonReaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole jobs: each row once in files that others read, through failures, and no buffer left. */
class ParquetSinkITCase {
  private static final int BATCHES = 600;
  private static final int BATCH_ROWS = 10;
  private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();

  @TempDir Path folder;

  @BeforeEach
  void reset() {
    FAILURES_LEFT.set(0);
  }

  @AfterEach
  void nothingLeaks() {
    assertThat(ArrowMemory.allocator().getAllocatedMemory()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"BATCH, 0", "STREAMING, 0", "STREAMING, 3"})
  void everyRowOnceInFilesThatOthersRead(RuntimeExecutionMode mode, int failures) throws Exception {
    FAILURES_LEFT.set(failures);

    run(mode, folder);

    assertThat(FAILURES_LEFT.get()).isZero();
    List<Path> files = visibleFiles();
    assertThat(files)
        .allMatch(file -> file.getFileName().toString().matches("part-.*\\.parquet"))
        .hasSizeGreaterThan(mode == RuntimeExecutionMode.BATCH ? 0 : 2);
    assertThat(sortedIdsIn(files))
        .isEqualTo(LongStream.range(0, BATCHES * BATCH_ROWS).boxed().toList());
  }

  /** Readers skip names that begin with a dot. */
  private List<Path> visibleFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .toList();
    }
  }

  private static List<Long> sortedIdsIn(List<Path> files) throws IOException, InterruptedException {
    List<Long> ids = new ArrayList<>();
    List<String> readings = files.stream().map(file -> "pyarrow=" + file).toList();
    for (List<JsonNode> rows : PythonReaders.read(readings)) {
      for (JsonNode row : rows) {
        ids.add(row.get(0).asLong());
        assertThat(row.get(1).asText()).isEqualTo("row " + row.get(0).asLong());
      }
    }
    Collections.sort(ids);
    return ids;
  }

  @Test
  void batchesAreClosedWhereNoFileCanBeOpened() throws IOException {
    Path file = Files.createFile(folder.resolve("not-a-folder"));

    assertThatThrownBy(() -> run(RuntimeExecutionMode.STREAMING, file.resolve("below")))
        .hasStackTraceContaining("not-a-folder");
  }

  private static void run(RuntimeExecutionMode mode, Path output) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
    env.setRuntimeMode(mode);
    if (mode == RuntimeExecutionMode.STREAMING) {
      env.enableCheckpointing(50);
    }
    env.fromSequence(0, BATCHES - 1)
        .map(new MakeBatch(mode))
        .rebalance()
        .map(new FailAfterCheckpoints())
        .sinkTo(
            ParquetSink.builder()
                .path(new org.apache.flink.core.fs.Path(output.toUri()))
                .schema(MakeBatch.SCHEMA)
                .build());
    env.execute();
  }

  private record MakeBatch(RuntimeExecutionMode mode) implements MapFunction<Long, ArrowBatch> {
    static final Schema SCHEMA =
        new Schema(
            List.of(
                Field.notNullable("id", new ArrowType.Int(64, true)),
                Field.nullable("text", ArrowType.Utf8.INSTANCE)));

    @Override
    public ArrowBatch map(Long number) throws InterruptedException {
      if (mode == RuntimeExecutionMode.STREAMING) {
        Thread.sleep(1); // So that checkpoints fall between the batches.
      }
      VectorSchemaRoot root = VectorSchemaRoot.create(SCHEMA, ArrowMemory.allocator());
      for (int row = 0; row < BATCH_ROWS; row++) {
        long id = number * BATCH_ROWS + row;
        ((BigIntVector) root.getVector(0)).setSafe(row, id);
        ((VarCharVector) root.getVector(1))
            .setSafe(row, ("row " + id).getBytes(StandardCharsets.UTF_8));
      }
      root.setRowCount(BATCH_ROWS);
      return new ArrowBatch(root);
    }
  }

  /** Fails some batches behind a completed checkpoint, so that files have been committed. */
  private static final class FailAfterCheckpoints
      implements MapFunction<ArrowBatch, ArrowBatch>, CheckpointListener {
    private static final long serialVersionUID = 1;

    private int batchesSinceCheckpoint = Integer.MIN_VALUE;

    @Override
    public ArrowBatch map(ArrowBatch batch) {
      if (++batchesSinceCheckpoint > 0
          && FAILURES_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        try (batch) {
          throw new IllegalStateException("told to fail at " + batch);
        }
      }
      return batch;
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      batchesSinceCheckpoint = -2;
    }
  }
}
