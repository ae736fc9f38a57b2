package io.nightshift.job.pipeline;

import io.nightshift.connectors.units.PlanManifest;
import io.nightshift.job.JobFailedException;
import io.nightshift.job.Pipeline;
import io.nightshift.job.hub.ModelLocator;
import io.nightshift.job.hub.ModelNotFoundException;
import io.nightshift.job.hub.ModelParts;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.progress.FailedRows;
import io.nightshift.job.progress.PlanReport;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.progress.Stage;
import io.nightshift.operators.report.RunCounter;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Does a job with two Flink jobs, one after the other: the plan over the whole data set, then the answers. */
public final class FlinkPipeline implements Pipeline {
  private final ModelLocator models;

  public FlinkPipeline(ModelLocator models) {
    this.models = models;
  }

  @Override
  public RunReport run(JobSpecification specification, ProgressDisplay progress) throws Exception {
    long start = System.nanoTime();
    PreparedJob job = prepare(specification, ModelParts.ALL);
    job.requireAnswerable();
    RunFolder folder = new RunFolder(specification.output().path(), specification.plan().folder());
    if (folder.isComplete(job.fingerprint())) {
      return report(job, start, List.of(), Optional.empty());
    }
    folder.requireNoAnswers();
    JobRun planned = plan(job, folder, progress);
    JobRun inferred = infer(job, folder, progress);
    requireFewErrors(job, List.of(planned, inferred));
    folder.markComplete(job.fingerprint());
    return report(job, start, List.of(planned, inferred), Optional.of(inferred));
  }

  @Override
  public PlanReport plan(JobSpecification specification, ProgressDisplay progress)
      throws Exception {
    long start = System.nanoTime();
    PreparedJob job = prepare(specification, ModelParts.WITHOUT_WEIGHTS);
    RunFolder folder = new RunFolder(specification.output().path(), specification.plan().folder());
    JobRun planned = plan(job, folder, progress);
    PlanManifest manifest = manifest(folder);
    long failed = planned.failures().stream().mapToLong(FailedRows::rows).sum();
    int maxTokens = job.answer().choices() == null ? job.answer().sampling().maxTokens() : 0;
    return new PlanReport(
        manifest.rows(),
        planned.failures(),
        manifest.promptTokens(),
        manifest.promptTokens() - manifest.computedTokens(),
        (manifest.rows() - failed) * maxTokens,
        manifest.units().size(),
        folder.plan().toString(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  private PreparedJob prepare(JobSpecification specification, ModelParts parts)
      throws IOException, InterruptedException {
    JobSpecification.Model model = specification.model();
    try {
      return PreparedJob.of(specification, models.locate(model.path(), model.revision(), parts));
    } catch (ModelNotFoundException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  private static JobRun plan(PreparedJob job, RunFolder folder, ProgressDisplay progress)
      throws Exception {
    folder.deletePlan();
    JobRun run =
        JobRun.follow(
            PlanJob.start(job, folder.plan(), FlinkSettings.forPlan()),
            Stage.TOKENIZING,
            job.inputs().rows(),
            progress);
    requireFewErrors(job, List.of(run));
    return run;
  }

  private static JobRun infer(PreparedJob job, RunFolder folder, ProgressDisplay progress)
      throws Exception {
    PlanManifest plan = manifest(folder);
    return JobRun.follow(
        InferJob.start(job, plan, folder.plan(), FlinkSettings.forInfer()),
        Stage.INFERRING,
        plan.rows(),
        progress);
  }

  private static PlanManifest manifest(RunFolder folder) throws IOException {
    return PlanManifest.read(folder.plan())
        .orElseThrow(() -> new IOException("planning ended without a manifest in " + folder.plan()));
  }

  private static void requireFewErrors(PreparedJob job, List<JobRun> runs)
      throws JobFailedException {
    List<FailedRows> failures = failures(runs);
    long failed = failures.stream().mapToLong(FailedRows::rows).sum();
    long rows = job.inputs().rows();
    if (!job.specification().errors().isExceeded(failed, rows)) {
      return;
    }
    StringBuilder message = new StringBuilder();
    message.append(failed).append(" of ").append(rows);
    message.append(" rows have errors, more than errors.max-fraction or errors.max-rows allow:");
    for (FailedRows failure : failures) {
      message.append(' ').append(failure.rows()).append(' ').append(failure.code());
      message.append(" (").append(String.join("; ", failure.examples())).append(')');
    }
    throw new JobFailedException(message.toString());
  }

  private static List<FailedRows> failures(List<JobRun> runs) {
    return runs.stream()
        .flatMap(run -> run.failures().stream())
        .sorted(Comparator.comparingLong(FailedRows::rows).reversed())
        .toList();
  }

  private static RunReport report(
      PreparedJob job, long start, List<JobRun> runs, Optional<JobRun> inferred) {
    return new RunReport(
        job.specification().output().path().toString(),
        Duration.ofNanos(System.nanoTime() - start),
        inferred.map(JobRun::rowsByFinishReason).orElse(Map.of()),
        failures(runs),
        runs.stream().map(JobRun::stageReport).toList(),
        inferred.map(run -> run.count(RunCounter.PROMPT_TOKENS)).orElse(0L),
        inferred.map(run -> run.count(RunCounter.CACHED_TOKENS)).orElse(0L),
        inferred.map(run -> run.count(RunCounter.OUTPUT_TOKENS)).orElse(0L));
  }
}
