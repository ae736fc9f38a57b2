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
import io.nightshift.job.progress.ProgressSnapshot;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.progress.Stage;
import io.nightshift.operators.report.RunCounter;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Does a job with two Flink jobs, one after the other: the plan over the whole data set, then the
 * answers.
 */
public final class FlinkPipeline implements Pipeline {
  private final ModelLocator models;
  private final FlinkSettings settings;

  private FlinkPipeline(ModelLocator models, FlinkSettings settings) {
    this.models = models;
    this.settings = settings;
  }

  /**
   * A pipeline whose jobs run in this process.
   *
   * @param flink the user's configuration of Flink; what it leaves open is set as suits the jobs
   */
  public static FlinkPipeline embedded(ModelLocator models, Configuration flink) {
    return new FlinkPipeline(models, new FlinkSettings(flink, true));
  }

  /**
   * A pipeline inside of Flink's client ({@code flink run}), whose jobs run where the client sends
   * them.
   */
  public static FlinkPipeline ofFlinkClient(ModelLocator models) {
    ReadableConfig client = StreamExecutionEnvironment.getExecutionEnvironment().getConfiguration();
    return new FlinkPipeline(
        models, new FlinkSettings(Configuration.fromMap(client.toMap()), false));
  }

  @Override
  public RunReport run(JobSpecification specification, ProgressDisplay progress) throws Exception {
    long start = System.nanoTime();
    PreparedJob job = prepare(specification, ModelParts.ALL, progress);
    job.requireAnswerable();
    if (settings.embedded()) {
      job.requireDevice();
    }
    RunFolder folder = new RunFolder(specification.output().path(), specification.plan().folder());
    if (folder.isComplete(job.fingerprint())) {
      return RunReport.nothingToDo(
          folder.output().toString(), Duration.ofNanos(System.nanoTime() - start));
    }
    folder.requireNoAnswers();
    JobRun planned = plan(job, folder, progress);
    JobRun inferred = infer(job, folder, progress);
    requireFewErrors(job, List.of(planned, inferred));
    folder.markComplete(job.fingerprint());
    return report(job, start, planned, inferred);
  }

  @Override
  public PlanReport plan(JobSpecification specification, ProgressDisplay progress)
      throws Exception {
    long start = System.nanoTime();
    PreparedJob job = prepare(specification, ModelParts.WITHOUT_WEIGHTS, progress);
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

  private PreparedJob prepare(
      JobSpecification specification, ModelParts parts, ProgressDisplay progress)
      throws IOException, InterruptedException {
    JobSpecification.Model model = specification.model();
    try (ProgressDisplay.Following following =
        progress.follow(() -> ProgressSnapshot.beginning(Stage.READING))) {
      return PreparedJob.of(specification, models.locate(model.path(), model.revision(), parts));
    } catch (ModelNotFoundException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  private JobRun plan(PreparedJob job, RunFolder folder, ProgressDisplay progress)
      throws Exception {
    folder.deletePlan();
    JobRun run =
        JobRun.follow(
            () -> PlanJob.start(job, folder.plan(), settings.forPlan()),
            Stage.TOKENIZING,
            job.inputs().rows(),
            progress);
    requireFewErrors(job, List.of(run));
    return run;
  }

  private JobRun infer(PreparedJob job, RunFolder folder, ProgressDisplay progress)
      throws Exception {
    PlanManifest plan = manifest(folder);
    return JobRun.follow(
        () -> InferJob.start(job, plan, folder.plan(), settings.forInfer()),
        Stage.INFERRING,
        plan.rows(),
        progress);
  }

  private static PlanManifest manifest(RunFolder folder) throws IOException {
    return PlanManifest.read(folder.plan())
        .orElseThrow(
            () -> new IOException("planning ended without a manifest in " + folder.plan()));
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

  private static RunReport report(PreparedJob job, long start, JobRun planned, JobRun inferred) {
    return new RunReport(
        job.specification().output().path().toString(),
        Duration.ofNanos(System.nanoTime() - start),
        inferred.rowsByFinishReason(),
        failures(List.of(planned, inferred)),
        List.of(planned.stageReport(), inferred.stageReport()),
        inferred.count(RunCounter.PROMPT_TOKENS),
        inferred.count(RunCounter.CACHED_TOKENS),
        inferred.count(RunCounter.OUTPUT_TOKENS));
  }
}
