package io.nightshift.job.pipeline;

import io.nightshift.job.run.CompletePlan;
import io.nightshift.job.run.InputChanges;
import io.nightshift.job.run.OrderedRun;
import io.nightshift.job.run.RunFolder;
import io.nightshift.job.run.RunLease;
import io.nightshift.job.run.UnfinishedRun;
import io.nightshift.job.run.WorkFolder;
import io.nightshift.job.topology.CompactJob;
import io.nightshift.job.topology.FlinkSettings;
import io.nightshift.job.topology.InferJob;
import io.nightshift.job.topology.JobRun;
import io.nightshift.job.topology.OrderJob;
import io.nightshift.job.topology.PlanJob;

import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.parquet.ParquetInputs;
import io.nightshift.connectors.parquet.compaction.FileGroup;
import io.nightshift.connectors.parquet.compaction.FileMerger;
import io.nightshift.connectors.parquet.compaction.Replacement;
import io.nightshift.connectors.parquet.compaction.Replacements;
import io.nightshift.connectors.parquet.sink.OutputNames;
import io.nightshift.job.run.JobFailedException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.job.progress.Stage;
import io.nightshift.operators.plan.PlanSummary;
import io.nightshift.operators.report.ErrorBound;
import io.nightshift.operators.report.TooManyErrorsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The Flink jobs of one run, each of which is done only where something is left for it.
 *
 * <p>In application mode a run may find that a job of its own is running already, because it has
 * recovered from a lost JobManager. So what such a job goes on with is deleted when it has ended.
 */
final class FlinkJobs {
  private static final long MAX_BYTES_COMPACTED_HERE = 64L << 20;

  private final PreparedJob job;
  private final RunFolder folder;
  private final RunLease lease;
  private final FlinkSettings settings;
  private final StreamExecutionEnvironment environment;
  private final ProgressDisplay progress;

  FlinkJobs(
      PreparedJob job,
      RunFolder folder,
      RunLease lease,
      FlinkSettings settings,
      ProgressDisplay progress) {
    this.job = job;
    this.folder = folder;
    this.lease = lease;
    this.settings = settings;
    this.environment = settings.environment();
    this.progress = progress;
  }

  /** Plans the files that no earlier plan has, if there are any. */
  Optional<JobRun> planNewInput() throws Exception {
    List<CompletePlan> before = folder.work().completePlans();
    ParquetInputs newFiles = InputChanges.newFiles(job.inputs(), before);
    if (newFiles.files().isEmpty()) {
      return Optional.empty();
    }
    PreparedJob part = job.over(newFiles);
    lease.requireHeld();
    folder.work().recordRun(folder.output(), runId());
    Path plan = folder.work().newPlan(before, runId());
    JobRun planned =
        follow(
            () ->
                PlanJob.start(
                    part, plan, lease.ownership(), settings.configureForPlan(environment)),
            Stage.TOKENIZING,
            newFiles.rows());
    try {
      requireFewErrors(part.errorBound(newFiles.rows()).knowing(PlanSummary.read(plan).errors()));
    } catch (JobFailedException e) {
      WorkFolder.deletePlan(plan);
      throw e;
    }
    return Optional.of(planned);
  }

  /**
   * Answers the rows that have no answer yet, if there are any.
   *
   * @param known bound that knows the errors of rows that are done
   */
  Optional<JobRun> infer(UnfinishedRun unfinished, ErrorBound known) throws Exception {
    long rows = unfinished.rowsToAnswer();
    if (rows == 0) {
      return Optional.empty();
    }
    lease.requireHeld();
    folder.work().recordRun(folder.output(), runId());
    JobRun inferred;
    try {
      inferred =
          follow(
              () ->
                  InferJob.start(
                      job,
                      lease.ownership(),
                      unfinished.answerFolders(),
                      unfinished.plansLeft(),
                      unfinished.unanswered(),
                      known,
                      settings.configureForInfer(environment),
                      settings.embedded()),
              Stage.INFERRING,
              rows);
    } catch (ExecutionException e) {
      if (JobRun.hasFailed(e)) {
        deleteLeftovers(unfinished, e);
      }
      throw e;
    }
    // A job that has recovered counts rows, too, that had their answers when this run began.
    if (inferred.rowsFinished() != rows || settings.recoversApplication()) {
      unfinished.requireAnswered();
    }
    lease.requireHeld();
    unfinished.deleteLeftovers(runId(), settings.user());
    return Optional.of(inferred);
  }

  /** Of a job that has failed: if another run has taken over, what is there may be that one's. */
  private void deleteLeftovers(UnfinishedRun unfinished, ExecutionException failure) {
    try {
      lease.requireHeld();
      unfinished.deleteLeftovers(runId(), settings.user());
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      failure.addSuppressed(e);
    }
  }

  /** Brings rows into the input's order, once all have their answers, if they are to be. */
  Optional<JobRun> order(UnfinishedRun unfinished) throws Exception {
    if (!folder.ordered() || unfinished.rows() == 0) {
      return Optional.empty();
    }
    lease.requireHeld();
    folder.work().recordRun(folder.output(), runId());
    unfinished.deleteUnrecorded(runId());
    JobRun ordered =
        follow(
            () ->
                OrderJob.start(
                    job,
                    lease.ownership(),
                    folder.outputs(),
                    unfinished.run(),
                    unfinished.inputFiles(),
                    settings.configureForPlan(environment)),
            Stage.ORDERING,
            unfinished.rows());
    lease.requireHeld();
    unfinished.recordOrdered(runId());
    unfinished.deleteLeftovers(runId(), settings.user());
    return Optional.of(ordered);
  }

  /**
   * Merges small output files, once all rows have their answers. Where they are few, this process
   * does it itself in less time than a Flink job takes to start.
   */
  Optional<JobRun> compact(UnfinishedRun unfinished) throws Exception {
    JobSpecification.Output output = job.specification().output();
    if (folder.ordered() || !output.autoCompaction()) {
      return Optional.empty();
    }
    List<FileGroup> groups = folder.smallFiles(output.fileSize().getBytes());
    if (groups.isEmpty()) {
      return Optional.empty();
    }
    lease.requireHeld();
    folder.work().recordRun(folder.output(), runId());
    FileMerger merger =
        new FileMerger(
            InferJob.codec(output.compression()), output.rowGroupSize().getBytes(), runId());
    Optional<JobRun> compacted = Optional.empty();
    if (groups.stream().mapToLong(FileGroup::bytes).sum() <= MAX_BYTES_COMPACTED_HERE) {
      List<Replacement> merged = new ArrayList<>();
      for (FileGroup group : groups) {
        merged.add(merger.merge(group, ArrowMemory.allocator()));
      }
      lease.requireHeld();
      new Replacements(merged).write(folder.compactionRecord());
    } else {
      compacted =
          Optional.of(
              follow(
                  () ->
                      CompactJob.start(
                          groups,
                          merger,
                          folder.compactionRecord(),
                          lease.ownership(),
                          settings.configureForPlan(environment)),
                  Stage.COMPACTING,
                  unfinished.rows()));
    }
    lease.requireHeld();
    folder.finishCompaction();
    unfinished.deleteLeftovers(runId(), settings.user());
    return compacted;
  }

  /**
   * Writes a file without rows where the input has none, so that readers find the columns.
   *
   * @return whether it was written now
   */
  boolean writeSchema(UnfinishedRun unfinished) throws IOException {
    if (unfinished.rowsOfAllPlans() > 0 || folder.hasFiles()) {
      return false;
    }
    lease.requireHeld();
    folder.work().recordRun(folder.output(), runId());
    String name =
        folder.ordered()
            ? OutputNames.ordered(OrderedRun.filePrefix(unfinished.run()), 0, 0, runId())
            : OutputNames.empty(runId());
    InferJob.sinkBuilder(job, lease.ownership(), folder.output())
        .schema(OrderJob.written(job.outputSchema(), job.specification().output().sourceColumns()))
        .writeEmptyFile(name);
    if (folder.ordered()) {
      unfinished.recordOrdered(runId());
    }
    return true;
  }

  private String runId() {
    return lease.ownership().runId();
  }

  private JobRun follow(Callable<JobClient> flinkJob, Stage stage, long rows) throws Exception {
    return lease.during(() -> JobRun.follow(flinkJob, stage, rows, progress));
  }

  static ErrorBound requireFewErrors(ErrorBound known) throws JobFailedException {
    try {
      known.check();
      return known;
    } catch (TooManyErrorsException e) {
      throw new JobFailedException(String.valueOf(e.getMessage()), e);
    }
  }
}
