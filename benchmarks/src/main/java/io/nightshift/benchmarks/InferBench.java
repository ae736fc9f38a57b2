package io.nightshift.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.parquet.sink.ParquetSink;
import io.nightshift.connectors.units.PlanManifest;
import io.nightshift.connectors.units.PlannedRow;
import io.nightshift.connectors.units.Plans;
import io.nightshift.connectors.units.UnassignedRows;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.WorkUnitCutter;
import io.nightshift.connectors.units.WorkUnitSource;
import io.nightshift.operators.infer.AnswerColumns;
import io.nightshift.operators.infer.AnswerSpecification;
import io.nightshift.operators.infer.InferenceOperatorFactory;
import io.nightshift.operators.infer.OutputForm;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.operators.report.ErrorBound;
import io.nightshift.runtime.engine.EngineOptions;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.Request;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.commons.io.FileUtils;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Rows a second of the infer job where the model costs nothing: from work units on disk to Parquet
 * files, and beside it those of the engine alone with the same requests. Rows as in the workload
 * {@code label}: a prefix of 512 tokens for all, 152 of their own on average, four tokens of
 * answer.
 *
 * <pre>InferBench ROWS RUNS</pre>
 */
public final class InferBench {
  private static final Schema KEPT =
      new Schema(
          List.of(
              Field.nullable("id", new ArrowType.Int(64, true)),
              Field.nullable("subject", ArrowType.Utf8.INSTANCE)));
  private static final int PREFIX = 512;
  private static final int LEAST_OWN = 32;
  private static final int MOST_OWN = 272;
  private static final int ANSWER = 4;
  private static final int LOOK_AHEAD = 512;

  private InferBench() {}

  /** Runs the benchmark; see the class. */
  public static void main(String[] arguments) throws Exception {
    int rows = Integer.parseInt(arguments[0]);
    List<PlannedRow> planned = rows(rows);
    for (int run = 0; run < Integer.parseInt(arguments[1]); run++) {
      double engine = rows / engineSeconds(planned);
      double job = rows / jobSeconds(planned);
      System.out.printf("engine alone %,.0f rows/s, job %,.0f rows/s%n", engine, job);
    }
  }

  private static double engineSeconds(List<PlannedRow> rows) throws Exception {
    Deque<PlannedRow> left = new ArrayDeque<>(rows);
    try (TaskEngine task = engine()) {
      LlmEngine engine = task.engine();
      long began = System.nanoTime();
      int waiting = 0;
      while (!left.isEmpty() || engine.hasUnfinished()) {
        for (; waiting < LOOK_AHEAD && !left.isEmpty(); waiting++) {
          PlannedRow row = left.remove();
          engine.add(new Request(row.sourceRow(), row.tokens(), sampling(), Optional.empty()));
        }
        waiting -= engine.step().size();
      }
      return (System.nanoTime() - began) / 1e9;
    }
  }

  private static double jobSeconds(List<PlannedRow> rows) throws Exception {
    java.nio.file.Path folder = Files.createTempDirectory("infer");
    try {
      Path plans = new Path(folder.toUri());
      Path plan = new Path(plans, "plan");
      List<WorkUnit> units = write(rows, plan);
      new PlanManifest(List.of(), KEPT, units).write(plan);
      StreamExecutionEnvironment environment =
          StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
      environment.getConfig().enableObjectReuse();
      environment.enableCheckpointing(60_000);
      environment
          .fromSource(
              new WorkUnitSource(
                  new Plans(plans, List.of(plan.getName())), UnassignedRows.of(units, Map.of())),
              WatermarkStrategy.noWatermarks(),
              "units")
          .transform(
              "answer",
              ArrowBatchTypeInformation.INSTANCE,
              new InferenceOperatorFactory(
                  InferBench::engine,
                  new AnswerSpecification(null, sampling(), true),
                  KEPT,
                  new OutputForm(false, false),
                  plans,
                  ErrorBound.of(1, Long.MAX_VALUE, rows.size()),
                  LOOK_AHEAD,
                  false))
          .sinkTo(
              ParquetSink.builder()
                  .path(new Path(folder.resolve("answers").toUri()))
                  .schema(AnswerColumns.outputSchema(KEPT, false, false))
                  .recordRows(AnswerColumns.UNIT_FILE, AnswerColumns.UNIT_ROW)
                  .build());
      long began = System.nanoTime();
      environment.execute();
      return (System.nanoTime() - began) / 1e9;
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private static TaskEngine engine() {
    EngineOptions options =
        EngineOptions.defaults().withMaxRunningSequences(256).withSamplingThreads(1);
    return new TaskEngine(
        new LlmEngine(new InstantRunner(), tokens -> "an answer", options), () -> {});
  }

  private static SamplingParameters sampling() {
    return SamplingParameters.greedy(ANSWER);
  }

  private static List<WorkUnit> write(List<PlannedRow> rows, Path plan) throws IOException {
    List<WorkUnit> units = new ArrayList<>();
    try (WorkUnitCutter cutter =
        new WorkUnitCutter(plan, KEPT, 100_000, ANSWER, 0, ArrowMemory.allocator())) {
      for (PlannedRow row : rows) {
        cutter.add(row).ifPresent(units::add);
      }
      cutter.finish().ifPresent(units::add);
    }
    return units;
  }

  private static List<PlannedRow> rows(int count) {
    SplittableRandom random = new SplittableRandom(1);
    ArrowRowCodec codec = new ArrowRowCodec(KEPT);
    List<PlannedRow> rows = new ArrayList<>();
    try (VectorSchemaRoot root = VectorSchemaRoot.create(KEPT, ArrowMemory.allocator())) {
      for (int id = 0; id < count; id++) {
        ((BigIntVector) root.getVector("id")).setSafe(0, id);
        ((VarCharVector) root.getVector("subject"))
            .setSafe(0, ("The subject of ticket " + id).getBytes(UTF_8));
        int[] tokens = new int[PREFIX + random.nextInt(LEAST_OWN, MOST_OWN + 1)];
        for (int i = 0; i < tokens.length; i++) {
          tokens[i] = i < PREFIX ? i : random.nextInt(InstantRunner.VOCABULARY);
        }
        rows.add(
            new PlannedRow(
                tokens,
                "file:/data/tickets/part-00000.parquet",
                id,
                codec.encode(root, 0),
                null,
                null));
      }
    }
    rows.sort(Comparator.comparing(PlannedRow::tokens, Arrays::compare));
    return rows;
  }
}
