package io.nightshift.job.topology;

import io.nightshift.job.progress.ProgressSnapshot;
import io.nightshift.job.progress.Stage;
import io.nightshift.job.progress.TokenCounts;
import io.nightshift.operators.report.RowErrors;
import io.nightshift.operators.report.RunCounter;
import io.nightshift.runtime.engine.FinishReason;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.flink.core.execution.JobClient;
import org.jspecify.annotations.Nullable;

/**
 * The accumulators of a job as a progress snapshot, from before it starts until after it has ended.
 */
final class JobProgress implements Supplier<ProgressSnapshot> {
  private static final long PATIENCE_SECONDS = 5;

  private final Stage stage;
  private final long rows;
  private @Nullable JobClient client;
  private boolean ended;
  private ProgressSnapshot last;
  private Map<String, Object> lastCounts = Map.of();

  /**
   * @param rows that the job has to process
   */
  JobProgress(Stage stage, long rows) {
    this.stage = stage;
    this.rows = rows;
    this.last = new ProgressSnapshot(stage, 0, OptionalLong.of(rows), TokenCounts.NONE, 0);
  }

  /** The job has been started. */
  synchronized void started(JobClient job) {
    client = job;
  }

  /**
   * The job has ended, and its accumulators are final: this is the last snapshot.
   *
   * @param counts the job's result
   */
  synchronized void ended(Map<String, Object> counts) {
    lastCounts = counts;
    last = snapshot(counts);
    ended = true;
  }

  @Override
  public synchronized ProgressSnapshot get() {
    if (ended || client == null) {
      return last;
    }
    try {
      lastCounts = client.getAccumulators().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      last = snapshot(lastCounts);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // A job that is only just starting, or has just ended, has no accumulators to ask for.
      return last;
    }
    return last;
  }

  /** The accumulators by name, as far as they are known. */
  synchronized Map<String, Object> counts() {
    get();
    return lastCounts;
  }

  private ProgressSnapshot snapshot(Map<String, Object> counts) {
    long rowsDone =
        switch (stage) {
          case WAITING, READING, TOKENIZING -> count(counts, RunCounter.ROWS_TOKENIZED);
          case PLANNING -> count(counts, RunCounter.ROWS_PLANNED);
          case INFERRING -> rowsFinished(counts);
          case ORDERING -> count(counts, RunCounter.ROWS_ORDERED);
          case COMPACTING -> count(counts, RunCounter.ROWS_COMPACTED);
        };
    RunCounter tokens =
        stage == Stage.INFERRING ? RunCounter.PROMPT_TOKENS : RunCounter.TOKENS_TOKENIZED;
    return new ProgressSnapshot(
        stage,
        rowsDone,
        OptionalLong.of(rows),
        new TokenCounts(
            count(counts, tokens),
            count(counts, RunCounter.CACHED_TOKENS),
            count(counts, RunCounter.OUTPUT_TOKENS)),
        errors(counts).values().stream().mapToLong(RowErrors.OfCode::rows).sum());
  }

  static long count(Map<String, Object> counts, RunCounter counter) {
    return counts.get(counter.name()) instanceof Long value ? value : 0;
  }

  static long rowsFinished(Map<String, Object> counts) {
    return Arrays.stream(FinishReason.values())
        .mapToLong(reason -> count(counts, RunCounter.finished(reason)))
        .sum();
  }

  /** Rows with errors by code. */
  @SuppressWarnings("unchecked") // the accumulator of this name is a RowErrors
  static Map<String, RowErrors.OfCode> errors(Map<String, Object> counts) {
    Object errors = counts.get(RowErrors.NAME);
    return errors == null ? Map.of() : (TreeMap<String, RowErrors.OfCode>) errors;
  }
}
