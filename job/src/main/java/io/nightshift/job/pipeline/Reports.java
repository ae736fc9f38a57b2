package io.nightshift.job.pipeline;

import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.progress.FailedRows;
import io.nightshift.job.progress.PlanReport;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.progress.Stage;
import io.nightshift.job.progress.TokenCounts;
import io.nightshift.job.report.EnergyFigures;
import io.nightshift.job.report.energy.CostEstimate;
import io.nightshift.job.report.energy.EnergyReport;
import io.nightshift.job.run.WorkFolder;
import io.nightshift.job.topology.JobRun;
import io.nightshift.operators.plan.PlanSummary;
import io.nightshift.operators.report.RunCounter;
import io.nightshift.runtime.energy.MeasuredEnergy;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports from what Flink jobs have counted and plans have recorded. */
final class Reports {
  private Reports() {}

  /**
   * The report of a run.
   *
   * @param output folder of the answers
   * @param time of the whole run
   * @param rowsOfAllPlans which have their answers now
   * @param jobs of the run
   * @param engines that answered, if any rows were left
   */
  static RunReport ofRun(
      String output, Duration time, long rowsOfAllPlans, List<JobRun> jobs, JobEngines engines) {
    Optional<JobRun> inferred =
        jobs.stream().filter(job -> job.stage() == Stage.INFERRING).findFirst();
    // A job that has recovered counts rows, too, that had their answers when it was found.
    long before = rowsOfAllPlans - inferred.map(JobRun::rowsFinished).orElse(0L);
    List<FailedRows> failures =
        jobs.stream()
            .flatMap(job -> job.failures().stream())
            .sorted(Comparator.comparingLong(FailedRows::rows).reversed())
            .toList();
    return new RunReport(
        output,
        time,
        new RunReport.RowCounts(before, inferred.map(JobRun::rowsByFinishReason).orElse(Map.of())),
        failures,
        jobs.stream().map(JobRun::stageReport).toList(),
        new TokenCounts(
            count(inferred, RunCounter.PROMPT_TOKENS),
            count(inferred, RunCounter.CACHED_TOKENS),
            count(inferred, RunCounter.OUTPUT_TOKENS)),
        inferred.map(job -> engines.text()).orElse(List.of()),
        List.of());
  }

  /** What the engines of a job took; empty if they have no devices that take energy. */
  static Optional<EnergyFigures> energy(JobRun inferred, JobSpecification.Prices prices) {
    MeasuredEnergy energy = inferred.energy();
    return energy.intervals().isEmpty() || inferred.rowsFinished() == 0
        ? Optional.empty()
        : Optional.of(
            EnergyReport.of(
                energy, inferred.rowsFinished(), inferred.count(RunCounter.OUTPUT_TOKENS), prices));
  }

  private static long count(Optional<JobRun> job, RunCounter counter) {
    return job.map(some -> some.count(counter)).orElse(0L);
  }

  /**
   * The report of all plans in a folder.
   *
   * @param time that planning took
   * @param engines that would answer
   * @param rate of energy and time; empty if unknown
   */
  static PlanReport ofPlans(
      PreparedJob job,
      WorkFolder folder,
      Duration time,
      JobEngines engines,
      Optional<CostEstimate> rate)
      throws IOException, InterruptedException {
    PlannedWork work = PlannedWork.of(job.model(), folder.completePlans());
    PlanSummary summary = work.summary();
    PreparedModel model = job.model();
    return new PlanReport(
        work.rows(),
        FailedRows.of(summary.errors()),
        new PlanReport.Prompts(
            work.promptTokens(),
            work.tokensToCompute(),
            work.shared().sharedTokens() == 0 ? 0 : summary.sharing().duplicateRows(),
            model.answers().sharesPrefixes()
                ? PrefixTexts.of(summary.largestPrefixes(), model.located().path())
                : List.of()),
        new PlanReport.Answers(
            work.answers() * model.answers().maxTokens(),
            work.time(job, engines),
            rate.map(some -> some.lines(work.rows(), work.tokens(), job.specification().prices()))
                .orElse(List.of()),
            model.answers().description()),
        new PlanReport.WorkUnits(
            work.manifests().stream().mapToInt(plan -> plan.units().size()).sum(),
            folder.plans().toString()),
        engines.text(),
        model
            .engines()
            .gpuAdvice(
                KvCacheDemand.tokens(
                    work.tokensToCompute(),
                    work.answers(),
                    model.answers().expectedTokens(),
                    summary.longestPrompt(),
                    job.specification().engine().config().maxStepTokens())),
        time);
  }
}
