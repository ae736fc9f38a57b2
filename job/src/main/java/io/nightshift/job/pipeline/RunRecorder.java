package io.nightshift.job.pipeline;

import io.nightshift.connectors.files.AtomicFile;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.ReportFormat;
import io.nightshift.job.progress.FailedRows;
import io.nightshift.job.progress.Stage;
import io.nightshift.job.report.EnergyFigures;
import io.nightshift.job.report.ErrorFigures;
import io.nightshift.job.report.EvaluationFigures;
import io.nightshift.job.report.build.ReportedOutput;
import io.nightshift.job.report.page.ReportPage;
import io.nightshift.job.report.runs.RunDescription;
import io.nightshift.job.report.runs.RunRecord;
import io.nightshift.job.report.runs.RunRecords;
import io.nightshift.job.report.runs.RunResult;
import io.nightshift.job.report.runs.RunResult.State;
import io.nightshift.job.run.JobFailedException;
import io.nightshift.job.storage.RecordFolder;
import io.nightshift.job.topology.JobRun;
import io.nightshift.operators.report.EngineSeries;
import io.nightshift.operators.report.RunCounter;
import io.nightshift.operators.report.TooManyErrorsException;
import io.nightshift.runtime.engine.FinishReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.ExceptionUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what a run does. It also does so from time to time while rows are answered, so that a run
 * that is killed leaves a record, and a task that restarts does not take with it what its engine
 * had done. A record that cannot be written does not fail the run.
 */
final class RunRecorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunRecorder.class);

  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final int LOOKS_PER_RECORD = 10;

  /** Rows whose answers are read for the page at the end of a run, which should end soon. */
  private static final long PAGE_ROWS = 2_000_000;

  private final RunDescriptions descriptions;
  private final Ownership ownership;
  private final Path output;
  private final ReportFormat format;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "nightshift-record");
            thread.setDaemon(true);
            return thread;
          });

  private final Map<String, EngineSeries> engines = new TreeMap<>();
  private List<ErrorFigures> plannedErrors = List.of();
  private @Nullable RunDescription description;
  private @Nullable EnergyFigures energy;
  private @Nullable EvaluationFigures evaluation;
  private JobRun answered = new JobRun(Stage.INFERRING, Duration.ZERO, Map.of());
  private Supplier<Map<String, Object>> counts = Map::of;
  private long rows;
  private long rowsToAnswer;
  private long began;
  private int looks;

  /**
   * @param descriptions describes the run
   * @param ownership of the output
   */
  RunRecorder(RunDescriptions descriptions, Ownership ownership) {
    this.descriptions = descriptions;
    this.ownership = ownership;
    this.output = descriptions.folder().output();
    this.format = descriptions.job().specification().output().report();
  }

  /**
   * The run is about to answer rows.
   *
   * @param ofAllPlans number of all rows
   * @param toAnswer number of those without an answer
   * @param soFar the counters of the job
   */
  synchronized void answering(long ofAllPlans, long toAnswer, Supplier<Map<String, Object>> soFar) {
    rows = ofAllPlans;
    rowsToAnswer = toAnswer;
    counts = soFar;
    began = System.nanoTime();
    executor.scheduleWithFixedDelay(
        this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What the answers are worth. */
  synchronized void evaluated(EvaluationFigures figures) {
    evaluation = figures;
  }

  /** What the run took. */
  synchronized void measured(EnergyFigures figures) {
    energy = figures;
  }

  private synchronized void look() {
    if (!executor.isShutdown()) {
      glance();
      if (looks++ % LOOKS_PER_RECORD == 0) {
        attempt("writing the record of the run", () -> write(State.RUNNING, null));
      }
    }
  }

  /**
   * Between its jobs, and while it ends, a cluster may not answer; the next look finds out more.
   */
  private void glance() {
    try {
      take(counts.get(), sinceBeginning());
    } catch (RuntimeException e) {
      LOG.info("The counters of the run cannot be read now", e);
    }
  }

  private void take(Map<String, Object> soFar, Duration time) {
    answered = new JobRun(Stage.INFERRING, time, soFar);
    engines.putAll(answered.engines());
  }

  /**
   * The run has ended well.
   *
   * @param inferred empty if no row was left to answer
   * @return lines about the report
   */
  synchronized List<String> done(Optional<JobRun> inferred) {
    executor.shutdown();
    List<String> lines = new ArrayList<>();
    inferred.ifPresent(
        job -> {
          take(job.counts(), job.time());
          attempt("writing the record of the run", () -> write(State.DONE, null))
              .ifPresent(lines::add);
        });
    if (inferred.isEmpty()) {
      attempt("writing the record of the run", this::completeLast).ifPresent(lines::add);
    }
    lines.addAll(page());
    abortUploads();
    return lines;
  }

  /** All answers were there already: what their last run did not do is done now. */
  private void completeLast() throws IOException {
    RunRecords records = RunRecords.of(output);
    Optional<RunRecord> last = records.last();
    if (last.isPresent() && (evaluation != null || last.get().result().state() == State.FAILED)) {
      RunRecord record = last.get();
      ownership.requireHeld();
      records.write(
          new RunRecord(
              record.description(), record.result().completed(evaluation), record.engines()));
    }
  }

  /** The run has failed. Of one that had not begun to answer there is nothing to record. */
  synchronized void failed(Exception failure) {
    executor.shutdown();
    if (began == 0) {
      return;
    }
    attempt("reading the counters of the run", () -> take(counts.get(), sinceBeginning()));
    attempt("writing the record of the run", () -> write(State.FAILED, message(failure)));
    page();
    abortUploads();
  }

  /** Storage that fails may have begun an upload whose response was lost. */
  private void abortUploads() {
    attempt(
        "aborting uploads of the run's records",
        () -> {
          ownership.requireHeld();
          descriptions.folder().abortRecordUploads(descriptions.submission().flink());
        });
  }

  private Duration sinceBeginning() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** Writes the page if the job asks for it; returns where it is, or why it is not. */
  private List<String> page() {
    List<String> lines = new ArrayList<>();
    if (format == ReportFormat.HTML) {
      attempt("writing the report", () -> writePage().ifPresent(page -> lines.add(page.toString())))
          .ifPresent(lines::add);
    }
    return lines;
  }

  /** Our own message, which knows best, or that of the cause. */
  private static String message(Exception failure) {
    Throwable told =
        ExceptionUtils.findThrowable(failure, JobFailedException.class)
            .<Throwable>map(own -> own)
            .or(() -> ExceptionUtils.findThrowable(failure, InvalidJobException.class))
            .or(() -> ExceptionUtils.findThrowable(failure, TooManyErrorsException.class))
            .orElseGet(() -> root(failure));
    return String.valueOf(told.getMessage());
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  /** Does what must not fail the run; returns a line about a failure. */
  private static Optional<String> attempt(String what, Step step) {
    try {
      step.run();
      return Optional.empty();
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // Flink's native S3 plugin throws both exceptions. The answers do not need the memory.
      LOG.warn("{} failed", what, e);
      return Optional.of(what + " failed: " + e.getMessage());
    }
  }

  private void write(State state, @Nullable String failure) throws IOException {
    RunDescription run = describe();
    ownership.requireHeld();
    RunRecords.of(output)
        .write(new RunRecord(run, result(state, failure), List.copyOf(engines.values())));
  }

  private RunDescription describe() throws IOException {
    RunDescription known = description;
    if (known == null) {
      PlannedWork work = descriptions.work();
      plannedErrors = figures(FailedRows.of(work.summary().errors()));
      known = descriptions.of(work, rows, rowsToAnswer);
      description = known;
    }
    return known;
  }

  private RunResult result(State state, @Nullable String failure) {
    Map<String, Long> byReason = new TreeMap<>();
    answered
        .rowsByFinishReason()
        .forEach((FinishReason reason, Long count) -> byReason.put(reason.columnValue(), count));
    List<ErrorFigures> errors = new ArrayList<>(figures(answered.failures()));
    errors.addAll(plannedErrors);
    return new RunResult(
        state,
        failure,
        Instant.now(),
        byReason,
        answered.count(RunCounter.PROMPT_TOKENS),
        answered.count(RunCounter.CACHED_TOKENS),
        answered.count(RunCounter.OUTPUT_TOKENS),
        answered.time().toMillis() / 1e3,
        errors,
        energy,
        answered.joulesByTask(),
        evaluation);
  }

  private static List<ErrorFigures> figures(List<FailedRows> failures) {
    return failures.stream()
        .map(failed -> new ErrorFigures(failed.code(), failed.rows(), failed.examples()))
        .toList();
  }

  /** Returns where the page is; empty if no run has answered anything. */
  private Optional<Path> writePage() throws IOException {
    Optional<RunRecord> last = RunRecords.of(output).last();
    if (last.isEmpty()) {
      return Optional.empty();
    }
    Path page = new RecordFolder(output).page();
    ReportedOutput reported = new ReportedOutput(output, last.get(), Optional.empty());
    StringBuilder html = new StringBuilder();
    ReportPage.write(reported.report(PAGE_ROWS), html);
    ownership.requireHeld();
    AtomicFile.write(page, html.toString().getBytes(StandardCharsets.UTF_8));
    return Optional.of(page);
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
