package io.nightshift.job.run;

import io.nightshift.connectors.parquet.WrittenRows;
import io.nightshift.connectors.units.PlannedFile;
import io.nightshift.connectors.units.Plans;
import io.nightshift.connectors.units.UnassignedRows;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.operators.order.InputFile;
import io.nightshift.operators.plan.PlanSummary;
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
 *
 * @param run number of this run among those that bring rows into order
 * @param plans that are left
 * @param units of these plans, in planned order
 * @param answered rows of these units that have their answers
 * @param rowsOrdered rows of the plans that are done
 * @param summary of all plans
 */
record UnfinishedRun(
    RunFolder folder,
    int run,
    List<CompletePlan> plans,
    List<WorkUnit> units,
    WrittenRows answered,
    long rowsOrdered,
    PlanSummary summary) {

  static UnfinishedRun of(RunFolder folder) throws IOException {
    List<OrderedRun> ordered = folder.orderedRuns();
    int run = ordered.size();
    if (run > 0) {
      // Left if the last run ended between its record and this.
      folder.deleteUnordered(run - 1);
    }
    Set<String> done = new HashSet<>();
    ordered.forEach(earlier -> done.addAll(earlier.plans()));
    List<CompletePlan> plans = new ArrayList<>();
    List<WorkUnit> units = new ArrayList<>();
    long rowsOrdered = 0;
    PlanSummary summary = PlanSummary.empty();
    for (CompletePlan plan : folder.work().completePlans()) {
      summary = summary.plus(plan.summary());
      if (done.contains(plan.name())) {
        rowsOrdered += plan.manifest().rows();
      } else {
        plans.add(plan);
        units.addAll(plan.manifest().units());
      }
    }
    return new UnfinishedRun(
        folder, run, plans, units, folder.answered(units, run), rowsOrdered, summary);
  }

  /** Rows of the plans that are left. */
  long rows() {
    return units.stream().mapToLong(WorkUnit::rows).sum();
  }

  /** Rows of all plans, those of files included that the input has no more. */
  long rowsOfAllPlans() {
    return rowsOrdered + rows();
  }

  long rowsToAnswer() {
    return rows() - answered.count();
  }

  /** The rows that have no answers, of {@link #plansLeft()}. */
  UnassignedRows unanswered() {
    return UnassignedRows.of(units, answered.byGroup());
  }

  /**
   * Checks that all rows have answers now. A job that was stopped with a savepoint ends well, too.
   */
  void requireAnswered() throws IOException, JobFailedException {
    long missing = rows() - folder.answered(units, run).count();
    if (missing > 0) {
      throw new JobFailedException(
          String.format(
              Locale.ROOT,
              "the job has ended, and %,d rows have no answer (was it stopped with a savepoint?): run it again to go on",
              missing));
    }
  }

  /** The plans that are left, as the infer job is told of them. */
  Plans plansLeft() {
    return new Plans(folder.work().plans(), plans.stream().map(CompletePlan::name).toList());
  }

  /** Where this run's answers go, and its failed rows if they go elsewhere. */
  List<Path> answerFolders() {
    return folder.answerFolders(run);
  }

  /**
   * A bound that knows the errors of all plans, and those that engines have found in rows that are
   * written by now. Where only some rows with errors of the plans are, it may know too few.
   */
  ErrorBound known(ErrorBound bound) throws IOException {
    ErrorBound planned = bound.knowing(summary.errors());
    long foundByEngines = folder.failedRows(run) - planned.knownRows();
    return foundByEngines <= 0
        ? planned
        : planned.knowing(
            Map.of("found by the engine", new OfCode(foundByEngines, List.of("see error_code"))));
  }

  /** The files that the rows of the plans come from, in order. */
  List<InputFile> inputFiles() {
    return plans.stream()
        .flatMap(plan -> plan.manifest().inputs().stream())
        .sorted(Comparator.comparing(PlannedFile::path))
        .map(file -> new InputFile(file.path(), file.rows()))
        .toList();
  }

  /** Deletes what other runs have written of the ordered rows, and not recorded. */
  void deleteUnrecorded(String runId) throws IOException {
    folder.deleteUnrecorded(run, runId);
  }

  /**
   * Deletes what this run and others have begun and not committed.
   *
   * @param runId of this run
   * @param flink configuration that says how the file systems are reached
   */
  void deleteLeftovers(String runId, Configuration flink) throws IOException {
    folder.deleteLeftovers(run, runId, flink);
  }

  /**
   * @param runId of this run, which has written the rows in order
   */
  void recordOrdered(String runId) throws IOException {
    folder.recordOrdered(run, plans, runId);
  }
}
