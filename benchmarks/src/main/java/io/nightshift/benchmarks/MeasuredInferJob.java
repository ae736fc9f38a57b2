package io.nightshift.benchmarks;

import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.parquet.sink.ParquetSink;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.WorkUnitCutter;
import io.nightshift.connectors.units.source.UnassignedRows;
import io.nightshift.connectors.units.source.WorkUnitSource;
import io.nightshift.operators.infer.AnswerSchema;
import io.nightshift.operators.infer.AnswerSpecification;
import io.nightshift.operators.infer.Inference;
import io.nightshift.operators.infer.InferenceOperatorFactory;
import io.nightshift.operators.infer.OutputLayout;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.operators.plan.PlanManifest;
import io.nightshift.operators.plan.PlannedRow;
import io.nightshift.operators.plan.PlannedRowFormat;
import io.nightshift.operators.plan.Plans;
import io.nightshift.operators.report.ErrorBound;
import io.nightshift.operators.report.RunCounter;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.commons.io.FileUtils;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The infer job as {@code bin/nightshift} runs it, in this process and with a checkpoint every
 * minute: from work units on disk, which are written before, to Parquet files.
 */
final class MeasuredInferJob {
  private static final int UNIT_TOKENS = 100_000;
  private static final int CHECKPOINT_MILLIS = 60_000;

  /** Where the engines find the model, whose factory Flink serializes. */
  private static final AtomicReference<BenchModel> MODEL = new AtomicReference<>();

  private MeasuredInferJob() {}

  /**
   * Where a job's seconds went.
   *
   * @param start from its submission to the first step
   * @param steps from the first step to the end of the last
   * @param end from then until the job was done: output committed, cluster stopped
   */
  record Seconds(double start, double steps, double end) {
    double whole() {
      return start + steps + end;
    }
  }

  /**
   * Runs the job.
   *
   * @throws IllegalStateException if not all rows were answered in full
   */
  static Seconds run(BenchModel model, List<PlannedRow> rows, SamplingParameters sampling)
      throws Exception {
    java.nio.file.Path folder = Files.createTempDirectory("infer");
    MODEL.set(model);
    try {
      Path plans = new Path(folder.toUri());
      Path plan = new Path(plans, "plan");
      List<WorkUnit> units = write(rows, plan);
      new PlanManifest(List.of(), LabelRows.KEPT, units).write(plan);
      StreamExecutionEnvironment environment =
          StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
      environment.getConfig().enableObjectReuse();
      environment.enableCheckpointing(CHECKPOINT_MILLIS);
      AnswerSpecification answer = new AnswerSpecification(null, null, null, sampling, true);
      Schema output = AnswerSchema.outputSchema(LabelRows.KEPT, answer.columns(false));
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
                  new Inference(
                      MeasuredInferJob::engine,
                      answer,
                      LabelRows.KEPT,
                      new OutputLayout(false, false),
                      BenchModel.LOOK_AHEAD),
                  plans,
                  ErrorBound.of(0, 0, rows.size()),
                  false))
          .sinkTo(
              ParquetSink.builder()
                  .path(new Path(folder.resolve("answers").toUri()))
                  .schema(output)
                  .recordRows(AnswerSchema.unitFile(output), AnswerSchema.unitRow(output))
                  .build());
      long began = System.nanoTime();
      JobExecutionResult result = environment.execute();
      long ended = System.nanoTime();
      requireAnswers(result, rows.size());
      LentRunner runner = model.runner();
      return new Seconds(
          (runner.firstBegan() - began) / 1e9,
          runner.secondsOfSteps(),
          (ended - runner.lastEnded()) / 1e9);
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private static TaskEngine engine() {
    return Objects.requireNonNull(MODEL.get()).engine();
  }

  private static void requireAnswers(JobExecutionResult result, int rows) {
    long answered =
        Objects.requireNonNull(result.<Long>getAccumulatorResult(RunCounter.ROWS_LENGTH.name()));
    if (answered != rows) {
      throw new IllegalStateException(answered + " of " + rows + " rows were answered in full");
    }
  }

  private static List<WorkUnit> write(List<PlannedRow> rows, Path plan) throws IOException {
    List<WorkUnit> units = new ArrayList<>();
    try (WorkUnitCutter<PlannedRow> cutter =
        new WorkUnitCutter<>(
            plan,
            new PlannedRowFormat(LabelRows.KEPT),
            UNIT_TOKENS,
            LabelRows.ANSWER_TOKENS,
            0,
            ArrowMemory.allocator())) {
      for (PlannedRow row : rows) {
        cutter.add(row).ifPresent(units::add);
      }
      cutter.finish().ifPresent(units::add);
    }
    return units;
  }
}
