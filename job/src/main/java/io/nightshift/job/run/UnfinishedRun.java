package io.nightshift.job.run;

import io.nightshift.connectors.parquet.output.WrittenRows;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.source.UnassignedRows;
import io.nightshift.operators.order.SourceFile;
import io.nightshift.operators.plan.PlanSummary;
import io.nightshift.operators.plan.PlannedFile;
import io.nightshift.operators.plan.Plans;
import io.nightshift.operators.report.ErrorBound;
import io.nightshift.operators.report.RowErrors.OfCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;

/**
 * What is left to do in the folder of a job: plans whose rows have not all been answered, or not
 * been brought into order.
 */
public final class UnfinishedRun {
  private final RunFolder folder;
  private final int run;
  private final List<CompletePlan> plans;
  private final List<WorkUnit> units;
  private final WrittenRows answered;
  private final long rowsOrdered;
  private final PlanSummary summary;

  /**
   * @param run number of this run among those that bring rows into order
   * @param plans that are left
   * @param rowsOrdered rows of the plans that are done
   * @param summary of all plans
   */
  private UnfinishedRun(
      RunFolder folder, int run, List<CompletePlan> plans, long rowsOrdered, PlanSummary summary)
      throws IOException {
    this.folder = folder;
    this.run = run;
    this.plans = plans;
    this.units = plans.stream().flatMap(plan -> plan.manifest().units().stream()).toList();
    this.answered = new AnsweredRows(folder).of(units, run);
    this.rowsOrdered = rowsOrdered;
    this.summary = summary;
  }

  /** Reads what the folder has. */
  public static UnfinishedRun of(RunFolder folder) throws IOException {
    OrderedRuns orderedRuns = new OrderedRuns(folder);
    List<OrderedRun> ordered = orderedRuns.read();
    int run = ordered.size();
    if (run > 0) {
      // Left if the last run ended between its record and this.
      orderedRuns.deleteUnordered(run - 1);
    }
    Set<String> done = new HashSet<>();
    ordered.forEach(earlier -> done.addAll(earlier.plans()));
    List<CompletePlan> left = new ArrayList<>();
    long rowsOrdered = 0;
    PlanSummary summary = PlanSummary.empty();
    for (CompletePlan plan : folder.work().completePlans()) {
      summary = summary.plus(plan.summary());
      if (done.contains(plan.name())) {
        rowsOrdered += plan.manifest().rows();
      } else {
        left.add(plan);
      }
    }
    return new UnfinishedRun(folder, run, left, rowsOrdered, summary);
  }

  /** Rows of the plans that are left. */
  public long rows() {
    return units.stream().mapToLong(WorkUnit::rows).sum();
  }

  /** Rows of all plans, including those of files that the input no longer has. */
  public long rowsOfAllPlans() {
    return rowsOrdered + rows();
  }

  /** Rows of the plans that are left without an answer. */
  public long rowsToAnswer() {
    return rows() - answered.count();
  }

  /** The rows that have no answers, of {@link #plansLeft()}. */
  public UnassignedRows unanswered() {
    return UnassignedRows.of(units, answered.byGroup());
  }

  /**
   * Checks that all rows have answers now. A job that was stopped with a savepoint ends well, too.
   */
  public void requireAnswered() throws IOException, JobFailedException {
    long missing = rows() - new AnsweredRows(folder).of(units, run).count();
    if (missing > 0) {
      throw new JobFailedException(
          String.format(
              Locale.ROOT,
              "the job has ended, and %,d rows have no answer (was it stopped with a savepoint?): run it again to resume",
              missing));
    }
  }

  /** The plans that are left, for the infer job. */
  public Plans plansLeft() {
    return new Plans(folder.work().plans(), plans.stream().map(CompletePlan::name).toList());
  }

  /** Where this run's answers go, and its failed rows if they go elsewhere. */
  public List<Path> answerFolders() {
    return folder.answerFolders(run);
  }

  /**
   * Adds the errors that all plans have found, and those that engines have found in rows that are
   * written. If rows with planned errors are only partly written, this may count too few.
   */
  public ErrorBound withKnownErrors(ErrorBound bound) throws IOException {
    ErrorBound planned = bound.withKnownErrors(summary.errors());
    long foundByEngines = new AnsweredRows(folder).failed(run) - planned.knownRows();
    return foundByEngines <= 0
        ? planned
        : planned.withKnownErrors(
            Map.of("found by the engine", new OfCode(foundByEngines, List.of("see error_code"))));
  }

  /** The files that the rows of the plans come from, in order. */
  public List<SourceFile> inputFiles() {
    return plans.stream()
        .flatMap(plan -> plan.manifest().inputs().stream())
        .sorted(Comparator.comparing(PlannedFile::path))
        .map(file -> new SourceFile(file.path(), file.rows()))
        .toList();
  }

  /**
   * The folders that rows are brought into order in: that of the answers, and that of failed rows
   * if there is one.
   */
  public List<OutputFolder> outputFolders() {
    return folder.outputs();
  }

  /** Where the rows of one of these folders wait to be brought into order. */
  public Path unordered(OutputFolder output) {
    return output.unordered(run);
  }

  /** What the names of this run's ordered files begin with. */
  public String orderedFilePrefix() {
    return OrderedRun.filePrefix(run);
  }

  /** Deletes what other runs have written of the ordered rows, and not recorded. */
  public void deleteUnrecorded(String runId) throws IOException {
    new OrderedRuns(folder).deleteUnrecorded(run, runId);
  }

  /**
   * Records that the rows of this run are in order, and deletes what they were made from.
   *
   * @param runId of this run, which has written the rows in order
   */
  public void recordOrdered(String runId) throws IOException {
    new OrderedRuns(folder).record(run, plans, runId);
  }

  /**
   * Deletes what this run and others have begun and not committed.
   *
   * @param runId of this run
   * @param flink configuration that says how the file systems are reached
   */
  public void deleteLeftovers(String runId, Configuration flink) throws IOException {
    new Leftovers(folder).delete(run, runId, flink);
  }
}
