package io.nightshift.job.pipeline;

import io.nightshift.job.run.CompletePlan;
import io.nightshift.job.run.JobPaths;
import io.nightshift.job.run.RunFolder;
import io.nightshift.job.run.RunLease;
import io.nightshift.job.run.UnfinishedRun;
import io.nightshift.job.run.WorkFolder;
import io.nightshift.job.topology.FlinkSettings;
import io.nightshift.job.topology.JobRun;

import io.nightshift.connectors.units.PlanManifest;
import io.nightshift.job.hub.ModelLocator;
import io.nightshift.job.hub.ModelNotFoundException;
import io.nightshift.job.hub.ModelParts;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.options.OutputOrder;
import io.nightshift.job.progress.FailedRows;
import io.nightshift.job.progress.PlanReport;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.job.progress.ProgressSnapshot;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.progress.Stage;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.plan.PlanSummary;
import io.nightshift.operators.report.ErrorBound;
import io.nightshift.operators.report.RunCounter;
import io.nightshift.runtime.runner.DeviceException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Does a job with two Flink jobs, one after the other: the plan over the whole data set, then the
 * answers; and with a third one where these are to be in the order of the input, or lie in many
 * small files.
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
    settings.requireNoSavepoint();
    JobPaths.requireReachable(specification, settings.user());
    RunFolder folder = folder(specification);
    if (start == Start.FRESH) {
      folder = folder.fresh();
    }
    PreparedJob job =
        prepare(
            specification.into(folder.output(), folder.failedRows(), folder.work().path()),
            settings.embedded() ? ModelParts.ALL : ModelParts.WEIGHT_HEADERS,
            progress);
    JobPaths.requireUsable(job.specification(), job.inputs().reach());
    job.requireAnswerable();
    if (settings.embedded()) {
      requireDevice(job.engines());
    }
    try (RunLease lease = RunLease.take(folder.lease(), settings, progress)) {
      folder.finishCompaction();
      folder.claim(job.identity(), lease.ownership(), lease.holder());
      PreparedJob continued = job.continuing(folder.work().completePlans());
      return answer(
          continued, folder, new FlinkJobs(continued, folder, lease, settings, progress), began);
    }
  }

  private static RunReport answer(PreparedJob job, RunFolder folder, FlinkJobs jobs, long began)
      throws Exception {
    Optional<JobRun> planned = jobs.planNewInput();
    UnfinishedRun unfinished = UnfinishedRun.of(folder);
    ErrorBound bound = job.errorBound(unfinished.rowsOfAllPlans());
    ErrorBound known = FlinkJobs.requireFewErrors(unfinished.known(bound));
    Optional<JobRun> inferred = jobs.infer(unfinished, known);
    Optional<JobRun> ordered = jobs.order(unfinished);
    Optional<JobRun> compacted = jobs.compact(unfinished);
    boolean schemaWritten = jobs.writeSchema(unfinished);
    if (inferred.isEmpty() && ordered.isEmpty() && compacted.isEmpty() && !schemaWritten) {
      return RunReport.nothingToDo(folder.output().toString(), since(began));
    }
    List<JobRun> runs =
        Stream.of(planned, inferred, ordered, compacted).flatMap(Optional::stream).toList();
    FlinkJobs.requireFewErrors(unfinished.known(bound));
    // A job that has recovered counts rows, too, that had their answers when it was found.
    long rowsBefore = unfinished.rowsOfAllPlans() - inferred.map(JobRun::rowsFinished).orElse(0L);
    return report(folder, since(began), rowsBefore, runs);
  }

  @Override
  public PlanReport plan(JobSpecification specification, ProgressDisplay progress)
      throws Exception {
    long began = System.nanoTime();
    settings.requireNoSavepoint();
    JobPaths.requireReachable(specification, settings.user());
    PreparedJob job = prepare(specification, ModelParts.WITHOUT_WEIGHTS, progress);
    JobPaths.requireUsable(specification, job.inputs().reach());
    RunFolder folder = folder(specification);
    try (RunLease lease = RunLease.take(folder.lease(), settings, progress)) {
      folder.claim(job.identity(), lease.ownership(), lease.holder());
      PreparedJob continued = job.continuing(folder.work().completePlans());
      new FlinkJobs(continued, folder, lease, settings, progress).planNewInput();
    }
    List<PlanManifest> plans = new ArrayList<>();
    PlanSummary summary = PlanSummary.empty();
    for (CompletePlan plan : folder.work().completePlans()) {
      plans.add(plan.manifest());
      summary = summary.plus(plan.summary());
    }
    long rows = plans.stream().mapToLong(PlanManifest::rows).sum();
    long promptTokens = plans.stream().mapToLong(PlanManifest::promptTokens).sum();
    long computedTokens = plans.stream().mapToLong(PlanManifest::computedTokens).sum();
    List<FailedRows> failures = FailedRows.of(summary.errors());
    long failed = failures.stream().mapToLong(FailedRows::rows).sum();
    int maxTokens = job.answer().choices() == null ? job.answer().sampling().maxTokens() : 0;
    return new PlanReport(
        rows,
        failures,
        promptTokens,
        promptTokens - computedTokens,
        plans.stream().mapToLong(PlanManifest::duplicateRows).sum(),
        PrefixTexts.of(summary.largestPrefixes(), job.model().path()),
        (rows - failed) * maxTokens,
        answeringTime(job, computedTokens + (rows - failed) * job.expectedAnswerTokens()),
        plans.stream().mapToInt(plan -> plan.units().size()).sum(),
        folder.work().plans().toString(),
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
        new WorkFolder(specification.plan().folder()),
        specification.output().order() == OutputOrder.INPUT);
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
      return PreparedJob.of(
          specification, models.locate(model.path(), model.revision(), parts), engines);
    } catch (ModelNotFoundException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  private static List<FailedRows> failures(List<JobRun> runs) {
    return runs.stream()
        .flatMap(run -> run.failures().stream())
        .sorted(Comparator.comparingLong(FailedRows::rows).reversed())
        .toList();
  }

  private static RunReport report(
      RunFolder folder, Duration time, long rowsBefore, List<JobRun> runs) {
    Optional<JobRun> inferred =
        runs.stream().filter(run -> run.stage() == Stage.INFERRING).findFirst();
    return new RunReport(
        folder.output().toString(),
        time,
        rowsBefore,
        inferred.map(JobRun::rowsByFinishReason).orElse(Map.of()),
        failures(runs),
        runs.stream().map(JobRun::stageReport).toList(),
        count(inferred, RunCounter.PROMPT_TOKENS),
        count(inferred, RunCounter.CACHED_TOKENS),
        count(inferred, RunCounter.OUTPUT_TOKENS));
  }

  private static long count(Optional<JobRun> run, RunCounter counter) {
    return run.map(some -> some.count(counter)).orElse(0L);
  }
}
