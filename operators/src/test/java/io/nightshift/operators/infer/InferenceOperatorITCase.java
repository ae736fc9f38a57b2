package io.nightshift.operators.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.source.UnassignedRows;
import io.nightshift.connectors.units.source.WorkUnitSource;
import io.nightshift.operators.plan.PlanManifest;
import io.nightshift.operators.plan.PlannedRow;
import io.nightshift.operators.plan.Plans;
import io.nightshift.operators.report.EnergyAccumulator;
import io.nightshift.operators.report.EnergyReadings;
import io.nightshift.operators.report.ErrorBound;
import io.nightshift.operators.report.RunCounter;
import io.nightshift.runtime.energy.EnergyInterval;
import io.nightshift.runtime.engine.Choices;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.arrow.vector.FieldVector;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Work units through the operator in a MiniCluster, with a real engine over a fake model. */
class InferenceOperatorITCase {
  /** Rows that fill an engine long before the end of the input, for each that it runs. */
  private static final int FEW = 4;

  /** More rows than there are. */
  private static final int ALL = 1250;

  @TempDir private Path folder;
  private long bytesBefore;
  private final List<PlannedRow> rows = RandomPlannedRows.create();
  private EngineFactory engines = new FakeEngines();
  private int lookAhead = FEW;
  private int failures;
  private boolean chained = true;
  private ErrorBound errorBound = ErrorBound.of(1, Long.MAX_VALUE, RandomPlannedRows.COUNT);

  @BeforeEach
  void rememberMemory() {
    bytesBefore = ArrowMemory.allocator().getAllocatedMemory();
    FailOnce.failures.set(0);
  }

  @AfterEach
  void noBufferHasLeaked() {
    assertThat(ArrowMemory.allocator().getAllocatedMemory()).isEqualTo(bytesBefore);
  }

  @Test
  void answersEachRowAsTheEngineAnswersItAlone() throws Exception {
    assertThat(run(generate())).isEqualTo(RandomPlannedRows.aloneAnswers(rows, generate()));
  }

  @Test
  void picksChoices() throws Exception {
    AnswerSpecification specification =
        new AnswerSpecification(
            new Choices(List.of("a", "b"), List.of(new int[] {5, 6}, new int[] {7}), false),
            null,
            null,
            SamplingParameters.greedy(1),
            true);
    assertThat(run(specification)).isEqualTo(RandomPlannedRows.aloneAnswers(rows, specification));
  }

  @ParameterizedTest
  @ValueSource(ints = {FEW, ALL})
  void checkpointsCompleteWhileTheEngineHasAllRowsThatItMay(int lookAheadFactor) throws Exception {
    lookAhead = lookAheadFactor;
    engines = new CheckpointedEngines(10);
    assertThat(run(generate())).isEqualTo(RandomPlannedRows.aloneAnswers(rows, generate()));
  }

  @ParameterizedTest
  @ValueSource(ints = {FEW, ALL})
  void eachRowComesOutOnceWhenTheJobFailsAndRestarts(int lookAheadFactor) throws Exception {
    lookAhead = lookAheadFactor;
    failures = 2;
    // The first failure comes when a checkpoint has rows that the engines had.
    engines = new CheckpointedEngines(3);
    assertThat(run(generate())).isEqualTo(RandomPlannedRows.aloneAnswers(rows, generate()));
    assertThat(FailOnce.failures).hasValue(failures);
  }

  @Test
  void energyUpToTheLastCheckpointCountsWhenTheJobFailsAndRestarts() throws Exception {
    failures = 1;
    MeasuredEngines.CREATED.set(0);
    engines = new MeasuredEngines(3);
    StreamExecutionEnvironment environment = environment();
    answers(environment, generate()).sinkTo(new DiscardingSink<>());
    EnergyReadings energy = environment.execute().getAccumulatorResult(EnergyAccumulator.NAME);

    // Each of two tasks has one, and that which fails another one.
    List<EnergyInterval> intervals = energy.total().intervals();
    assertThat(intervals)
        .extracting(interval -> interval.device().id())
        .containsExactlyInAnyOrder("GPU-0", "GPU-1", "GPU-2");
    assertThat(intervals).allMatch(EnergyInterval::isMeasured);
    assertThat(energy.total().joules()).isPositive();
  }

  @Test
  void aDrainDoesNotWaitForRowsInTheEngine() throws Exception {
    engines = new CheckpointedEngines(Integer.MAX_VALUE);
    StreamExecutionEnvironment environment = environment();
    answers(environment, generate()).sinkTo(new DiscardingSink<>());
    JobClient job = environment.executeAsync();
    CompletedCheckpoints.awaitNext();
    CompletedCheckpoints.awaitNext();
    job.stopWithSavepoint(
            true, folder.resolve("savepoints").toUri().toString(), SavepointFormatType.CANONICAL)
        .get();
    Map<String, Object> counts = job.getJobExecutionResult().get().getAllAccumulatorResults();
    long answered =
        Stream.of(RunCounter.ROWS_STOP, RunCounter.ROWS_LENGTH)
            .mapToLong(counter -> (Long) counts.get(counter.name()))
            .sum();
    assertThat(answered).isLessThan(RandomPlannedRows.COUNT / 2);
  }

  @Test
  void anOperatorThatIsNotChainedToItsSourceFailsTheJobWithTheRemedy() {
    chained = false;
    failures = 1;
    assertThatThrownBy(() -> run(generate()))
        .rootCause()
        .hasMessageContaining("pipeline.operator-chaining.enabled");
  }

  @Test
  void anEngineThatCannotBeMadeFailsTheJobWithItsReason() {
    engines =
        () -> {
          throw new IllegalStateException("no such device");
        };
    assertThatThrownBy(() -> run(generate())).hasStackTraceContaining("no such device");
  }

  private static AnswerSpecification generate() {
    return new AnswerSpecification(null, null, null, SamplingParameters.greedy(12), true);
  }

  private Map<Long, String> run(AnswerSpecification specification) throws Exception {
    Map<Long, String> byId = new TreeMap<>();
    try (CloseableIterator<Tuple2<Long, String>> results =
        answers(environment(), specification).executeAndCollect()) {
      results.forEachRemaining(
          row -> assertThat(byId.put(row.f0, row.f1)).as("row %s twice", row.f0).isNull());
    }
    return byId;
  }

  private StreamExecutionEnvironment environment() {
    Configuration flink = new Configuration();
    flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(20));
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, failures);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
    flink.set(PipelineOptions.OPERATOR_CHAINING, chained);
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(2, flink);
    environment.getConfig().enableObjectReuse();
    return environment;
  }

  private DataStream<Tuple2<Long, String>> answers(
      StreamExecutionEnvironment environment, AnswerSpecification specification)
      throws IOException {
    org.apache.flink.core.fs.Path all = new org.apache.flink.core.fs.Path(folder.toUri());
    org.apache.flink.core.fs.Path plan = new org.apache.flink.core.fs.Path(all, "plan");
    List<WorkUnit> units = RandomPlannedRows.write(rows, plan);
    assertThat(units).hasSizeGreaterThan(3);
    new PlanManifest(List.of(), RandomPlannedRows.KEPT, units).write(plan);
    return environment
        .fromSource(
            new WorkUnitSource(new Plans(all, List.of("plan")), UnassignedRows.of(units, Map.of())),
            WatermarkStrategy.noWatermarks(),
            "units")
        .transform(
            "answer",
            ArrowBatchTypeInformation.INSTANCE,
            new InferenceOperatorFactory(
                new Inference(
                    engines,
                    specification,
                    RandomPlannedRows.KEPT,
                    new OutputLayout(false, false),
                    lookAhead),
                all,
                errorBound,
                false))
        .flatMap(new FailOnce(failures))
        .returns(Types.TUPLE(Types.LONG, Types.STRING));
  }

  /** Turns batches into rows of text, and fails the given number of times midway. */
  private static final class FailOnce extends RichFlatMapFunction<ArrowBatch, Tuple2<Long, String>>
      implements CheckpointListener {
    private static final long serialVersionUID = 1L;
    private static final AtomicInteger failures = new AtomicInteger();

    private final int wanted;
    private int rows;

    FailOnce(int wanted) {
      this.wanted = wanted;
    }

    @Override
    public void flatMap(ArrowBatch batch, Collector<Tuple2<Long, String>> out) {
      try (batch) {
        rows += batch.rows();
        if (rows > 40 && failures.get() < wanted) {
          failures.incrementAndGet();
          throw new IllegalStateException("planned failure");
        }
        for (int row = 0; row < batch.rows(); row++) {
          out.collect(
              Tuple2.of(
                  (Long) batch.root().getVector("id").getObject(row),
                  text(batch, AnswerSchema.COMPLETION, row)
                      + " "
                      + text(batch, AnswerSchema.FINISH_REASON, row)
                      + " "
                      + text(batch, AnswerSchema.ERROR_CODE, row)));
        }
      }
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      CompletedCheckpoints.add();
    }

    private static @Nullable String text(ArrowBatch batch, String column, int row) {
      FieldVector vector = batch.root().getVector(column);
      return vector.isNull(row) ? null : vector.getObject(row).toString();
    }
  }
}
