package io.nightshift.operators.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.units.PlanManifest;
import io.nightshift.connectors.units.PlannedRow;
import io.nightshift.connectors.units.Plans;
import io.nightshift.connectors.units.UnassignedRows;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.WorkUnitCutter;
import io.nightshift.connectors.units.WorkUnitSource;
import io.nightshift.operators.report.ErrorBound;
import io.nightshift.runtime.engine.Choices;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.Request;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Work units through the operator in a MiniCluster, with a real engine over a fake model. */
class InferenceOperatorITCase {
  private static final Schema KEPT =
      new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true))));
  private static final int ROWS = 400;

  @TempDir private Path folder;
  private long bytesBefore;
  private ErrorBound errorBound = ErrorBound.of(1, Long.MAX_VALUE, ROWS);

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
    List<PlannedRow> rows = randomRows();
    assertThat(run(rows, generate(), 0)).isEqualTo(aloneAnswers(rows, generate()));
  }

  @Test
  void picksChoices() throws Exception {
    AnswerSpecification specification =
        new AnswerSpecification(
            new Choices(List.of("a", "b"), List.of(new int[] {5, 6}, new int[] {7}), false),
            SamplingParameters.greedy(1),
            true);
    List<PlannedRow> rows = randomRows();
    assertThat(run(rows, specification, 0)).isEqualTo(aloneAnswers(rows, specification));
  }

  @Test
  void eachRowComesOutOnceWhenTheJobFailsAndRestarts() throws Exception {
    List<PlannedRow> rows = randomRows();
    assertThat(run(rows, generate(), 2)).isEqualTo(aloneAnswers(rows, generate()));
    assertThat(FailOnce.failures).hasValue(2);
  }

  @Test
  void anEngineThatCannotBeMadeFailsTheJobWithItsReason() throws Exception {
    EngineFactory broken =
        () -> {
          throw new IllegalStateException("no such device");
        };
    assertThatThrownBy(() -> run(randomRows(), generate(), 0, broken))
        .hasStackTraceContaining("no such device");
  }

  private static AnswerSpecification generate() {
    return new AnswerSpecification(null, SamplingParameters.greedy(12), true);
  }

  private Map<Long, String> run(
      List<PlannedRow> rows, AnswerSpecification specification, int failures) throws Exception {
    return run(rows, specification, failures, new FakeEngines());
  }

  private Map<Long, String> run(
      List<PlannedRow> rows, AnswerSpecification specification, int failures, EngineFactory engines)
      throws Exception {
    org.apache.flink.core.fs.Path all = new org.apache.flink.core.fs.Path(folder.toUri());
    org.apache.flink.core.fs.Path plan = new org.apache.flink.core.fs.Path(all, "plan");
    List<WorkUnit> units = write(rows, plan);
    assertThat(units).hasSizeGreaterThan(3);
    new PlanManifest(List.of(), KEPT, units).write(plan);
    Configuration flink = new Configuration();
    flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(20));
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, failures);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(2, flink);
    environment.getConfig().enableObjectReuse();
    var answers =
        environment
            .fromSource(
                new WorkUnitSource(
                    new Plans(all, List.of("plan")), UnassignedRows.of(units, Map.of())),
                WatermarkStrategy.noWatermarks(),
                "units")
            .transform(
                "answer",
                ArrowBatchTypeInformation.INSTANCE,
                new InferenceOperatorFactory(
                    engines,
                    specification,
                    KEPT,
                    new OutputForm(false, false),
                    all,
                    errorBound,
                    32,
                    false))
            .flatMap(new FailOnce(failures))
            .returns(Types.TUPLE(Types.LONG, Types.STRING));
    Map<Long, String> byId = new TreeMap<>();
    try (CloseableIterator<Tuple2<Long, String>> results = answers.executeAndCollect()) {
      results.forEachRemaining(
          row -> assertThat(byId.put(row.f0, row.f1)).as("row %s twice", row.f0).isNull());
    }
    return byId;
  }

  private static List<WorkUnit> write(List<PlannedRow> rows, org.apache.flink.core.fs.Path plan)
      throws IOException {
    List<WorkUnit> units = new ArrayList<>();
    try (WorkUnitCutter cutter =
        new WorkUnitCutter(plan, KEPT, 600, 4, 0, ArrowMemory.allocator())) {
      for (PlannedRow row : rows) {
        cutter.add(row).ifPresent(units::add);
      }
      cutter.finish().ifPresent(units::add);
    }
    return units;
  }

  private static List<PlannedRow> randomRows() {
    Random random = new Random(3);
    List<PlannedRow> rows = new ArrayList<>();
    ArrowRowCodec codec = new ArrowRowCodec(KEPT);
    try (VectorSchemaRoot root = VectorSchemaRoot.create(KEPT, ArrowMemory.allocator())) {
      for (int id = 0; id < ROWS; id++) {
        ((BigIntVector) root.getVector("id")).setSafe(0, id);
        byte[] columns = codec.encode(root, 0);
        boolean bad = random.nextInt(20) == 0;
        boolean duplicate = id > 0 && random.nextInt(3) == 0;
        int[] tokens =
            bad
                ? new int[0]
                : duplicate
                    ? rows.get(random.nextInt(id)).tokens()
                    : random.ints(1 + random.nextInt(40), 4, FakeEngines.VOCABULARY).toArray();
        bad |= tokens.length == 0;
        rows.add(
            new PlannedRow(
                tokens, "file", id, columns, bad ? "template_error" : null, bad ? "bad" : null));
      }
    }
    rows.sort(Comparator.comparing(PlannedRow::tokens, Arrays::compare));
    return rows;
  }

  /** What an engine says that has never seen another row. */
  private static Map<Long, String> aloneAnswers(
      List<PlannedRow> rows, AnswerSpecification specification) throws Exception {
    Map<Long, String> answers = new TreeMap<>();
    for (PlannedRow row : rows) {
      if (row.errorCode() != null) {
        answers.put(row.sourceRow(), "null error " + row.errorCode());
        continue;
      }
      try (TaskEngine alone = new FakeEngines().create()) {
        LlmEngine engine = alone.engine();
        engine.add(
            new Request(
                0,
                row.tokens(),
                specification.sampling(),
                Optional.ofNullable(specification.choices())));
        while (engine.hasUnfinished()) {
          engine
              .step()
              .forEach(
                  completion ->
                      answers.put(
                          row.sourceRow(),
                          completion.text()
                              + " "
                              + completion.finishReason().columnValue()
                              + " "
                              + null));
        }
      }
    }
    return answers;
  }

  /** Turns batches into rows of text, and fails the given number of times midway. */
  private static final class FailOnce
      extends RichFlatMapFunction<ArrowBatch, Tuple2<Long, String>> {
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
                  text(batch, AnswerColumns.COMPLETION, row)
                      + " "
                      + text(batch, AnswerColumns.FINISH_REASON, row)
                      + " "
                      + text(batch, AnswerColumns.ERROR_CODE, row)));
        }
      }
    }

    private static @Nullable String text(ArrowBatch batch, String column, int row) {
      FieldVector vector = batch.root().getVector(column);
      return vector.isNull(row) ? null : vector.getObject(row).toString();
    }
  }
}
