package io.nightshift.job.pipeline;

import io.nightshift.job.hub.LocatedModel;
import io.nightshift.job.hub.ModelLocator;
import io.nightshift.job.hub.ModelNotFoundException;
import io.nightshift.job.hub.ModelParts;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.options.OutputOrder;
import io.nightshift.job.progress.PlanReport;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.job.progress.ProgressSnapshot;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.progress.Stage;
import io.nightshift.job.report.EnergyFigures;
import io.nightshift.job.report.EvaluationFigures;
import io.nightshift.job.report.energy.CostEstimate;
import io.nightshift.job.report.energy.EnergyText;
import io.nightshift.job.report.evaluation.Evaluation;
import io.nightshift.job.report.evaluation.EvaluationText;
import io.nightshift.job.run.JobFailedException;
import io.nightshift.job.run.JobPaths;
import io.nightshift.job.run.OutputClaim;
import io.nightshift.job.run.RunFolder;
import io.nightshift.job.run.RunLease;
import io.nightshift.job.run.SmallFiles;
import io.nightshift.job.run.Submission;
import io.nightshift.job.run.UnfinishedRun;
import io.nightshift.job.run.WorkFolder;
import io.nightshift.job.topology.FlinkSettings;
import io.nightshift.job.topology.JobRun;
import io.nightshift.operators.report.ErrorBound;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Does a job with two Flink jobs, one after the other: the plan over the whole data set, then the
 * answers; and with a third one if these are to be in the order of the input, or are in many small
 * files.
 */
public final class FlinkPipeline implements Pipeline {
  private final ModelLocator models;
  private final Submission submission;
  private final EngineSelection engines;

  private FlinkPipeline(ModelLocator models, Submission submission, EngineSelection engines) {
    this.models = models;
    this.submission = submission;
    this.engines = engines;
  }

  /**
   * A pipeline whose jobs run in this process.
   *
   * @param flink the user's configuration of Flink; what it leaves open is set as suits the jobs
   */
  public static FlinkPipeline embedded(ModelLocator models, Configuration flink) {
    return new FlinkPipeline(models, new Submission(flink, true), new DeviceEngines());
  }

  /**
   * A pipeline inside Flink's client ({@code flink run}), whose jobs run where the client sends
   * them.
   */
  public static FlinkPipeline ofFlinkClient(ModelLocator models) {
    ReadableConfig client = StreamExecutionEnvironment.getExecutionEnvironment().getConfiguration();
    return new FlinkPipeline(
        models, new Submission(Configuration.fromMap(client.toMap()), false), new DeviceEngines());
  }

  /** The same pipeline with other engines. */
  public FlinkPipeline withEngines(EngineSelection others) {
    return new FlinkPipeline(models, submission, others);
  }

  @Override
  public RunReport run(JobSpecification specification, Start start, ProgressDisplay progress)
      throws Exception {
    long began = System.nanoTime();
    Instant started = Instant.now();
    requireReachable(specification);
    RunFolder folder = folder(specification);
    if (start == Start.FRESH) {
      folder = folder.fresh();
    }
    PreparedJob job =
        prepare(
            specification.into(folder.output(), folder.failedRows(), folder.work().path()),
            submission.embedded() ? ModelParts.ALL : ModelParts.WEIGHT_HEADERS,
            progress);
    job.requireAnswerable();
    JobEngines running = JobEngines.require(job.model().engines(), submission);
    try (RunLease lease = RunLease.take(folder.lease(), submission, progress)) {
      new SmallFiles(folder).applyRecord();
      FlinkJobs jobs = claim(job, folder, lease, running, progress);
      String runId = lease.ownership().runId();
      RunDescriptions described =
          new RunDescriptions(job, folder, submission, running, runId, started);
      try (RunRecorder recorder = new RunRecorder(described, lease.ownership())) {
        return recorded(jobs, folder, running, began, recorder, specification);
      }
    }
  }

  private static RunReport recorded(
      FlinkJobs jobs,
      RunFolder folder,
      JobEngines running,
      long began,
      RunRecorder recorder,
      JobSpecification specification)
      throws Exception {
    try {
      Answered answered = answer(jobs, folder, running, began, recorder);
      RunReport measured = measured(answered, specification, recorder);
      RunReport report = evaluated(measured, specification, folder, recorder);
      return report.isNothingDone() && specification.evaluation().isEmpty()
          ? report
          : report.with(new RunReport.Section("report", recorder.done(answered.inferred())));
    } catch (Exception e) {
      recorder.failed(e);
      throw e;
    }
  }

  private static RunReport measured(
      Answered answered, JobSpecification specification, RunRecorder recorder) {
    Optional<EnergyFigures> figures =
        answered.inferred().flatMap(job -> Reports.energy(job, specification.prices()));
    figures.ifPresent(recorder::measured);
    return answered
        .report()
        .with(new RunReport.Section("energy", figures.map(EnergyText::energy).orElse(List.of())))
        .with(new RunReport.Section("cost", figures.map(EnergyText::cost).orElse(List.of())));
  }

  private static RunReport evaluated(
      RunReport report, JobSpecification specification, RunFolder folder, RunRecorder recorder)
      throws IOException {
    if (specification.evaluation().isEmpty()) {
      return report;
    }
    EvaluationFigures figures =
        new Evaluation(specification.evaluation().get(), specification.addedColumn().isPresent())
            .of(Stream.concat(Stream.of(folder.output()), folder.failedRows().stream()).toList());
    recorder.evaluated(figures);
    return report.with(new RunReport.Section("evaluation", EvaluationText.of(figures)));
  }

  /**
   * @param inferred the job that answered rows; empty if none were left
   */
  private record Answered(RunReport report, Optional<JobRun> inferred) {}

  private static Answered answer(
      FlinkJobs jobs, RunFolder folder, JobEngines running, long began, RunRecorder recorder)
      throws Exception {
    Optional<JobRun> planned = jobs.planNewInput();
    UnfinishedRun unfinished = UnfinishedRun.of(folder);
    ErrorBound known = jobs.requireFewErrors(unfinished);
    Optional<JobRun> inferred = jobs.infer(unfinished, known, recorder);
    Optional<JobRun> ordered = jobs.order(unfinished);
    Optional<JobRun> compacted = jobs.compact(unfinished);
    boolean schemaWritten = jobs.writeSchema(unfinished);
    if (inferred.isEmpty() && ordered.isEmpty() && compacted.isEmpty() && !schemaWritten) {
      return new Answered(
          RunReport.nothingToDo(folder.output().toString(), since(began)), inferred);
    }
    jobs.requireFewErrors(unfinished);
    List<JobRun> runs =
        Stream.of(planned, inferred, ordered, compacted).flatMap(Optional::stream).toList();
    return new Answered(
        Reports.ofRun(
            folder.output().toString(), since(began), unfinished.rowsOfAllPlans(), runs, running),
        inferred);
  }

  @Override
  public PlanReport plan(
      JobSpecification specification, Optional<Path> measured, ProgressDisplay progress)
      throws Exception {
    long began = System.nanoTime();
    requireReachable(specification);
    Optional<CostEstimate> rate =
        measured.isPresent() ? Optional.of(CostEstimate.of(measured.get())) : Optional.empty();
    PreparedJob job = prepare(specification, ModelParts.WITHOUT_WEIGHTS, progress);
    JobEngines expected = JobEngines.expected(job.model().engines(), submission);
    RunFolder folder = folder(specification);
    try (RunLease lease = RunLease.take(folder.lease(), submission, progress)) {
      claim(job, folder, lease, expected, progress).planNewInput();
    }
    if (rate.isEmpty()) {
      rate = CostEstimate.ofLastRun(folder.output());
    }
    return Reports.ofPlans(job, folder.work(), since(began), expected, rate);
  }

  private void requireReachable(JobSpecification specification) throws IOException {
    submission.requireNoSavepoint();
    JobPaths.of(specification).requireReachable(submission.flink());
  }

  /** Makes the folder the job's, and its output's schema what it was in earlier runs. */
  private FlinkJobs claim(
      PreparedJob job,
      RunFolder folder,
      RunLease lease,
      JobEngines running,
      ProgressDisplay progress)
      throws IOException, InterruptedException, JobFailedException {
    FlinkSettings settings =
        new FlinkSettings(submission.flink(), submission.embedded(), running.count());
    new OutputClaim(folder).claim(job.identity(), lease.ownership(), lease.holder());
    return new FlinkJobs(
        job.continuing(folder.work().completePlans()),
        folder,
        new JobExecutor(folder, lease, settings, progress));
  }

  private static RunFolder folder(JobSpecification specification) {
    JobPaths paths = JobPaths.of(specification);
    return new RunFolder(
        paths.output(),
        specification.errors().path(),
        new WorkFolder(paths.plan()),
        specification.output().order() == OutputOrder.INPUT);
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** Inspects the job's input and model, and checks that its folders can be written to. */
  private PreparedJob prepare(
      JobSpecification specification, ModelParts parts, ProgressDisplay progress)
      throws IOException, InterruptedException {
    JobSpecification.Model model = specification.model();
    PreparedJob job;
    try (ProgressDisplay.Following following =
        progress.follow(() -> ProgressSnapshot.beginning(Stage.READING))) {
      LocatedModel located = models.locate(model.path(), model.revision(), parts);
      job = JobPreparation.prepare(specification, located, engines);
    } catch (ModelNotFoundException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
    JobPaths.of(specification).requireUsable(job.input().files().reach());
    return job;
  }
}
