package io.nightshift.job.pipeline;

import io.nightshift.connectors.version.BuildVersion;
import io.nightshift.job.progress.PlanReport;
import io.nightshift.job.report.PrefixFigures;
import io.nightshift.job.report.runs.RunDescription;
import io.nightshift.job.report.runs.Secrets;
import io.nightshift.job.run.RunFolder;
import io.nightshift.job.run.Submission;
import io.nightshift.operators.plan.PlannedPrefix;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Describes a run for its record.
 *
 * @param job what is done
 * @param folder of its output
 * @param submission how it was started
 * @param engines that answer
 * @param run id of the run
 * @param started when it began
 */
record RunDescriptions(
    PreparedJob job,
    RunFolder folder,
    Submission submission,
    JobEngines engines,
    String run,
    Instant started) {

  /**
   * The run that answers some of the rows.
   *
   * @param work of all plans
   * @param rows of these plans
   * @param rowsToAnswer those of them without an answer
   */
  RunDescription of(PlannedWork work, long rows, long rowsToAnswer) {
    return new RunDescription(
        run,
        BuildVersion.get(),
        folder.output().toString(),
        folder.failedRows().map(Object::toString).orElse(null),
        job.specification().model().path(),
        started,
        rows,
        rows - rowsToAnswer,
        estimate(work, rows).map(time -> time.toMillis() / 1e3 * rowsToAnswer / rows).orElse(null),
        prefixes(work),
        Secrets.removed(job.specification().settings(), submission.flink().toMap()));
  }

  private Optional<Duration> estimate(PlannedWork work, long rows) {
    return rows == 0 ? Optional.empty() : work.time(job, engines);
  }

  private List<PrefixFigures> prefixes(PlannedWork work) {
    if (!job.model().answers().sharesPrefixes()) {
      return List.of();
    }
    List<PlannedPrefix> largest = work.summary().largestPrefixes();
    List<PlanReport.Prefix> texts = PrefixTexts.of(largest, job.model().located().path());
    List<PrefixFigures> figures = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      PlanReport.Prefix prefix = texts.get(i);
      figures.add(
          new PrefixFigures(
              prefix.tokens(),
              prefix.rows(),
              largest.get(i).savedTokens(),
              (double) largest.get(i).savedTokens() / work.promptTokens(),
              prefix.text()));
    }
    return figures;
  }

  /** The work of all plans of the folder. */
  PlannedWork work() throws IOException {
    return PlannedWork.of(job.model(), folder.work().completePlans());
  }
}
