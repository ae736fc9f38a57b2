package io.nightshift.job.pipeline;

import io.nightshift.connectors.parquet.ParquetInputs;
import io.nightshift.connectors.parquet.WrittenRows;
import io.nightshift.connectors.units.PlanManifest;
import io.nightshift.connectors.units.WorkUnit;
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
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.report.RunCounter;
import io.nightshift.runtime.runner.DeviceException;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Does a job with two Flink jobs, one after the other: the plan over the whole data set, then the
 * answers.
 */
public final class FlinkPipeline implements Pipeline {
  private final ModelLocator models;
  private final FlinkSettings settings;
  private final EngineSelection engines;

  private FlinkPipeline(ModelLocator models, FlinkSettings settings, EngineSelection engines) {
    this.models = models;
    this.settings = settings;
    this.engines = engines;
  }

  /**
   * A pipeline whose jobs run in this process.
   *
   * @param flink the user's configuration of Flink; what it leaves open is set as suits the jobs
   */
  public static FlinkPipeline embedded(ModelLocator models, Configuration flink) {
    return new FlinkPipeline(models, new FlinkSettings(flink, true), new DeviceEngines());
  }

  /**
   * A pipeline inside of Flink's client ({@code flink run}), whose jobs run where the client sends
   * them.
   */
  public static FlinkPipeline ofFlinkClient(ModelLocator models) {
    ReadableConfig client = StreamExecutionEnvironment.getExecutionEnvironment().getConfiguration();
    return new FlinkPipeline(
        models,
        new FlinkSettings(Configuration.fromMap(client.toMap()), false),
        new DeviceEngines());
  }

  /** The same pipeline with other engines. */
  public FlinkPipeline withEngines(EngineSelection others) {
    return new FlinkPipeline(models, settings, others);
  }

  @Override
  public RunReport run(JobSpecification specification, Start start, ProgressDisplay progress)
      throws Exception {
    long began = System.nanoTime();
    Places.requireReachable(specification);
    RunFolder folder = folder(specification);
    if (start == Start.FRESH) {
      folder = folder.fresh();
    }
    PreparedJob job =
        prepare(
            specification.into(folder.output(), folder.failedRows(), folder.work()),
            settings.embedded() ? ModelParts.ALL : ModelParts.WEIGHT_HEADERS,
            progress);
    EngineFactory factory = engines.select(specification, job.model().source());
    job.requireAnswerable();
    if (settings.embedded()) {
      requireDevice(factory);
    }
    folder.claim(job.identity());
    Optional<JobRun> planned = planNewInput(job, folder, progress);
    List<WorkUnit> units = units(folder);
    WrittenRows answered = folder.answered(units);
    long rows = units.stream().mapToLong(WorkUnit::rows).sum();
    if (answered.count() == rows) {
      return RunReport.nothingToDo(folder.output().toString(), since(began));
    }
    folder.deleteLeftovers(settings.user());
    Path plans = folder.plans();
    JobRun inferred =
        JobRun.follow(
            () -> InferJob.start(job, factory, plans, units, answered, settings.forInfer()),
            Stage.INFERRING,
            rows - answered.count(),
            progress);
    requireFinished(inferred, rows - answered.count());
    folder.deleteLeftovers(settings.user());
    List<JobRun> runs = Stream.concat(planned.stream(), Stream.of(inferred)).toList();
    requireFewErrors(job, runs);
    return report(folder, since(began), answered.count(), runs);
  }

  @Override
  public PlanReport plan(JobSpecification specification, ProgressDisplay progress)
      throws Exception {
    long began = System.nanoTime();
    Places.requireReachable(specification);
    PreparedJob job = prepare(specification, ModelParts.WITHOUT_WEIGHTS, progress);
    RunFolder folder = folder(specification);
    folder.claim(job.identity());
    Optional<JobRun> planned = planNewInput(job, folder, progress);
    List<FailedRows> failures = planned.map(JobRun::failures).orElse(List.of());
    List<PlanManifest> plans = folder.completePlans();
    long rows = plans.stream().mapToLong(PlanManifest::rows).sum();
    long promptTokens = plans.stream().mapToLong(PlanManifest::promptTokens).sum();
    long computedTokens = plans.stream().mapToLong(PlanManifest::computedTokens).sum();
    long failed = failures.stream().mapToLong(FailedRows::rows).sum();
    int maxTokens = job.answer().choices() == null ? job.answer().sampling().maxTokens() : 0;
    return new PlanReport(
        rows,
        failures,
        promptTokens,
        promptTokens - computedTokens,
        plans.stream().mapToLong(PlanManifest::duplicateRows).sum(),
        planned.map(run -> PrefixTexts.of(run, job.model().path())).orElse(List.of()),
        (rows - failed) * maxTokens,
        answeringTime(job, computedTokens + (rows - failed) * job.expectedAnswerTokens()),
        plans.stream().mapToInt(plan -> plan.units().size()).sum(),
        folder.plans().toString(),
        since(began));
  }

  /** Checks that the device is on this machine, where the tasks will run. */
  private static void requireDevice(EngineFactory engines) {
    try {
      engines.requireDevice();
    } catch (DeviceException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Optional<Duration> answeringTime(PreparedJob job, long tokens) {
    OptionalDouble rate = job.specification().plan().tokensPerSecond();
    return rate.isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(Math.round(tokens / rate.getAsDouble())));
  }

  private static RunFolder folder(JobSpecification specification) {
    return new RunFolder(
        specification.output().path(),
        specification.errors().path(),
        specification.plan().folder());
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
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

  /** Plans the files that no earlier plan has, if there are any. */
  private Optional<JobRun> planNewInput(PreparedJob job, RunFolder folder, ProgressDisplay progress)
      throws Exception {
    List<PlanManifest> before = folder.completePlans();
    ParquetInputs newFiles = InputChanges.newFiles(job.inputs(), before);
    if (newFiles.files().isEmpty()) {
      return Optional.empty();
    }
    PreparedJob part = job.over(newFiles);
    Path plan = folder.newPlan(before.size());
    JobRun run =
        JobRun.follow(
            () -> PlanJob.start(part, plan, settings.forPlan()),
            Stage.TOKENIZING,
            newFiles.rows(),
            progress);
    try {
      requireFewErrors(part, List.of(run));
    } catch (JobFailedException e) {
      folder.delete(plan);
      throw e;
    }
    return Optional.of(run);
  }

  private static List<WorkUnit> units(RunFolder folder) throws IOException {
    return folder.completePlans().stream().flatMap(plan -> plan.units().stream()).toList();
  }

  /** A job that was stopped with a savepoint ends well, too. */
  private static void requireFinished(JobRun inferred, long rows) throws JobFailedException {
    if (RunProgress.rowsFinished(inferred.counts()) < rows) {
      throw new JobFailedException(
          "the job was stopped before every row had its answer: run it again to go on");
    }
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
      RunFolder folder, Duration time, long rowsBefore, List<JobRun> runs) {
    JobRun inferred = runs.get(runs.size() - 1);
    return new RunReport(
        folder.output().toString(),
        time,
        rowsBefore,
        inferred.rowsByFinishReason(),
        failures(runs),
        runs.stream().map(JobRun::stageReport).toList(),
        inferred.count(RunCounter.PROMPT_TOKENS),
        inferred.count(RunCounter.CACHED_TOKENS),
        inferred.count(RunCounter.OUTPUT_TOKENS));
  }
}
