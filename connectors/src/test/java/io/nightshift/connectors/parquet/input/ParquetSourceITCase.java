package io.nightshift.connectors.parquet.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.CanonicalJson;
import io.nightshift.connectors.input.ArrowSourceBuilder;
import io.nightshift.connectors.parquet.Fixture;
import io.nightshift.connectors.parquet.GatedFileSystem;
import io.nightshift.connectors.source.ArrowSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The source in whole jobs. */
class ParquetSourceITCase {
  private static final Fixture FIXTURE = Fixture.of("pyarrow-row-groups");
  private static final List<String> FILES = List.of("a.parquet", "b.parquet", "c.parquet");

  /** Rows by subtask, as in the state of the job. */
  private static final Map<Integer, List<String>> SEEN = new ConcurrentHashMap<>();

  private static final AtomicBoolean FAILED = new AtomicBoolean();

  @TempDir private Path folder;

  @BeforeEach
  void copyFiles() throws Exception {
    SEEN.clear();
    FAILED.set(false);
    for (String file : FILES) {
      Files.copy(FIXTURE.parquet(), folder.resolve(file));
    }
  }

  @AfterEach
  void noBufferIsLeft() {
    GatedFileSystem.openGate();
    ArrowMemory.allocator(new Configuration()); // forgets the limit of a test
    assertThat(ArrowMemory.allocator().getAllocatedMemory()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = RuntimeExecutionMode.class,
      names = {"BATCH", "STREAMING"})
  void everyRowOfEveryFileIsEmitted(RuntimeExecutionMode mode) throws Exception {
    StreamExecutionEnvironment env = environment(3);
    env.setRuntimeMode(mode);
    run(env, source("gated://" + folder), /* failOnce= */ false);
    assertThat(seen()).containsExactlyInAnyOrderElementsOf(expected());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void afterAFailureEachRowIsEmittedExactlyOnce(int parallelism) throws Exception {
    StreamExecutionEnvironment env = environment(parallelism);
    env.enableCheckpointing(10);
    ArrowSource source = source("gated://" + folder);
    GatedFileSystem.closeGate();
    run(env, source, /* failOnce= */ true);
    assertThat(FAILED).isTrue();
    assertThat(seen()).containsExactlyInAnyOrderElementsOf(expected());
  }

  @Test
  void aFileThatChangedSinceSubmissionFailsTheJob() throws Exception {
    ArrowSource source = source(folder.toString());
    Path changed = folder.resolve("b.parquet");
    Files.copy(Fixture.of("pyarrow-bytes").parquet(), changed, StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> run(withoutRestart(new Configuration()), source, false))
        .hasStackTraceContaining("b.parquet: has changed since the job was submitted");
  }

  @Test
  void aFileDamagedInTheMiddleFailsTheJobByName() throws Exception {
    Path damaged = folder.resolve("c.parquet");
    byte[] bytes = Files.readAllBytes(damaged);
    Arrays.fill(bytes, bytes.length / 4, bytes.length / 4 + 100, (byte) 0xff);
    Files.write(damaged, bytes);
    ArrowSource source = source(folder.toString());
    assertThatThrownBy(() -> run(withoutRestart(new Configuration()), source, false))
        .hasStackTraceContaining("c.parquet: ");
  }

  @Test
  void theTaskManagersOffHeapSettingBoundsTheSource() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, MemorySize.parse("100k"));
    Path large = Fixture.of("pyarrow-large-strings").parquet();
    ArrowSource source = ArrowSourceBuilder.of(ParquetInputs.inspect(large.toString())).build();
    assertThatThrownBy(() -> run(withoutRestart(configuration), source, false))
        .hasStackTraceContaining("Raise taskmanager.memory.task.off-heap.size")
        .hasStackTraceContaining("column text");
  }

  private static StreamExecutionEnvironment withoutRestart(Configuration configuration) {
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    return StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
  }

  private static StreamExecutionEnvironment environment(int parallelism) {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    return StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
  }

  /** Batches that do not end where row groups do. */
  private static ArrowSource source(String path) throws Exception {
    return ArrowSourceBuilder.of(ParquetInputs.inspect(path)).batchRows(7).rowOrigin(true).build();
  }

  private static void run(StreamExecutionEnvironment env, ArrowSource source, boolean failOnce)
      throws Exception {
    env.fromSource(source, WatermarkStrategy.noWatermarks(), "Parquet")
        .map(new Remember(failOnce))
        .sinkTo(new DiscardingSink<>());
    env.execute();
  }

  private static List<String> seen() {
    return SEEN.values().stream().flatMap(List::stream).toList();
  }

  private List<String> expected() {
    List<String> rows = new ArrayList<>();
    for (String file : FILES) {
      int number = 0;
      for (JsonNode row : FIXTURE.rows()) {
        rows.add(file + " " + number++ + " " + row.get(0) + " " + row.get(1));
      }
    }
    return rows;
  }

  /**
   * Remembers rows in state; if told to, opens the gate once a checkpoint holds some, and fails at
   * the next batch.
   */
  private static final class Remember extends RichMapFunction<ArrowBatch, Integer>
      implements CheckpointedFunction, CheckpointListener {
    private final boolean failOnce;
    private final List<String> rows = new ArrayList<>();
    private transient @Nullable ListState<String> state;
    private transient boolean checkpointHoldsRows;
    private transient boolean failNext;

    Remember(boolean failOnce) {
      this.failOnce = failOnce;
    }

    @Override
    public void open(OpenContext context) {
      assertThat(ArrowMemory.allocator(getRuntimeContext()).getLimit())
          .isLessThanOrEqualTo(Runtime.getRuntime().maxMemory());
    }

    @Override
    public Integer map(ArrowBatch batch) {
      try (batch) {
        if (failNext && FAILED.compareAndSet(false, true)) {
          throw new IllegalStateException("told to fail");
        }
        for (JsonNode row : CanonicalJson.rows(batch)) {
          String path = row.get(2).asText();
          String file = path.substring(path.lastIndexOf('/') + 1);
          rows.add(file + " " + row.get(3) + " " + row.get(0) + " " + row.get(1));
        }
        return batch.rows();
      }
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
      ListState<String> restored =
          context
              .getOperatorStateStore()
              .getListState(new ListStateDescriptor<>("rows", Types.STRING));
      restored.get().forEach(rows::add);
      state = restored;
      SEEN.put(getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(), rows);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
      Objects.requireNonNull(state).update(List.copyOf(rows));
      checkpointHoldsRows |= !rows.isEmpty();
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      if (failOnce && checkpointHoldsRows) {
        failNext = true;
        GatedFileSystem.openGate();
      }
    }
  }
}
