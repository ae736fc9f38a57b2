package io.nightshift.job.topology;

import io.nightshift.job.progress.FailedRows;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.job.progress.Stage;
import io.nightshift.job.progress.StageReport;
import io.nightshift.operators.report.EnergyAccumulator;
import io.nightshift.operators.report.EnergyReadings;
import io.nightshift.operators.report.EngineSeries;
import io.nightshift.operators.report.EngineSeriesAccumulator;
import io.nightshift.operators.report.RunCounter;
import io.nightshift.runtime.energy.MeasuredEnergy;
import io.nightshift.runtime.engine.FinishReason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.flink.core.execution.JobClient;

/**
 * A Flink job that has succeeded, or has come so far, and its counters.
 *
 * @param stage of the run that the job was
 * @param counts by the names of {@link RunCounter}
 */
public record JobRun(Stage stage, Duration time, Map<String, Object> counts) {

  /**
   * Starts a job and shows its progress until it has ended.
   *
   * @param rows that the job has to process
   * @param observer is given the job's counters so far, which it may ask for at any time
   * @throws Exception if the job failed
   */
  public static JobRun follow(
      Callable<JobClient> job,
      Stage stage,
      long rows,
      ProgressDisplay progress,
      Consumer<Supplier<Map<String, Object>>> observer)
      throws Exception {
    long start = System.nanoTime();
    JobProgress source = new JobProgress(stage, rows);
    observer.accept(source::counts);
    try (ProgressDisplay.Following following = progress.follow(source)) {
      JobClient client = job.call();
      source.started(client);
      Map<String, Object> counts = client.getJobExecutionResult().get().getAllAccumulatorResults();
      source.ended(counts);
      return new JobRun(stage, Duration.ofNanos(System.nanoTime() - start), counts);
    }
  }

  /** The value of a counter. */
  public long count(RunCounter counter) {
    return JobProgress.count(counts, counter);
  }

  /** Rows that have been answered, including failed ones. */
  public long rowsFinished() {
    return JobProgress.rowsFinished(counts);
  }

  /** Those rows by finish reason. */
  public Map<FinishReason, Long> rowsByFinishReason() {
    Map<FinishReason, Long> rows = new EnumMap<>(FinishReason.class);
    for (FinishReason reason : FinishReason.values()) {
      long finished = count(RunCounter.finished(reason));
      if (finished > 0) {
        rows.put(reason, finished);
      }
    }
    return rows;
  }

  /** Rows in which this job found an error, by code. */
  public List<FailedRows> failures() {
    return FailedRows.of(JobProgress.errors(counts));
  }

  /** The energy that the job's engines took. */
  public MeasuredEnergy energy() {
    return counts.get(EnergyAccumulator.NAME) instanceof EnergyReadings readings
        ? readings.total()
        : MeasuredEnergy.NONE;
  }

  /** Joules of the devices of each task's engines, as far as they were measured. */
  public Map<Integer, Double> joulesByTask() {
    return counts.get(EnergyAccumulator.NAME) instanceof EnergyReadings readings
        ? readings.joulesByTask()
        : Map.of();
  }

  /** What engines did over time, by engine. */
  @SuppressWarnings("unchecked") // the accumulator of this name has this value
  public Map<String, EngineSeries> engines() {
    Object engines = counts.get(EngineSeriesAccumulator.NAME);
    return engines == null ? Map.of() : (Map<String, EngineSeries>) engines;
  }

  /** The job as a stage of the run. */
  public StageReport stageReport() {
    if (stage == Stage.INFERRING) {
      long tokens = count(RunCounter.PROMPT_TOKENS) + count(RunCounter.OUTPUT_TOKENS);
      return new StageReport(stage, rowsFinished(), tokens, time);
    }
    if (stage == Stage.ORDERING) {
      return new StageReport(stage, count(RunCounter.ROWS_ORDERED), 0, time);
    }
    if (stage == Stage.COMPACTING) {
      return new StageReport(stage, count(RunCounter.ROWS_COMPACTED), 0, time);
    }
    return new StageReport(
        stage, count(RunCounter.ROWS_TOKENIZED), count(RunCounter.TOKENS_TOKENIZED), time);
  }
}
