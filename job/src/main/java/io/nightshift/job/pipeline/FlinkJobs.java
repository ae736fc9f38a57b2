package io.nightshift.job.pipeline;

import io.nightshift.connectors.input.InputFiles;
import io.nightshift.connectors.parquet.compaction.FileGroup;
import io.nightshift.connectors.parquet.sink.OutputNames;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.progress.Stage;
import io.nightshift.job.run.CompletePlan;
import io.nightshift.job.run.InputChanges;
import io.nightshift.job.run.JobFailedException;
import io.nightshift.job.run.RunFolder;
import io.nightshift.job.run.RunLease;
import io.nightshift.job.run.SmallFiles;
import io.nightshift.job.run.UnfinishedRun;
import io.nightshift.job.run.WorkFolder;
import io.nightshift.job.topology.InferJob;
import io.nightshift.job.topology.JobRun;
import io.nightshift.job.topology.OrderJob;
import io.nightshift.job.topology.PlanJob;
import io.nightshift.job.topology.UnansweredRows;
import io.nightshift.operators.plan.PlanSummary;
import io.nightshift.operators.report.ErrorBound;
import io.nightshift.operators.report.TooManyErrorsException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.flink.core.fs.Path;

/**
 * The Flink jobs of one run, each of which is executed only if something is left for it.
 *
 * <p>In application mode, Flink may already have recovered one of this run's jobs after the loss of
 * a JobManager. The files that such a job resumes from are deleted only after it has ended.
 */
final class FlinkJobs {
  private final PreparedJob job;
  private final RunFolder folder;
  private final JobExecutor executor;
  private final RunLease lease;

  /**
   * @param folder of the job
   * @param executor of the jobs, whose run holds the lease of the folder
   */
  FlinkJobs(PreparedJob job, RunFolder folder, JobExecutor executor) {
    this.job = job;
    this.folder = folder;
    this.executor = executor;
    this.lease = executor.lease();
  }

  /** Plans the files that no earlier plan has, if there are any. */
  Optional<JobRun> planNewInput() throws Exception {
    List<CompletePlan> before = folder.work().completePlans();
    InputFiles newFiles = InputChanges.newFiles(job.input().files(), before);
    if (newFiles.files().isEmpty()) {
      return Optional.empty();
    }
    PlanJob planJob = job.over(newFiles).planJob();
    executor.beginWriting();
    Path plan = folder.work().createPlan(before, executor.runId());
    JobRun planned =
        executor.execute(
            () -> planJob.start(plan, executor.ownership(), executor.batchEnvironment()),
            Stage.TOKENIZING,
            newFiles.rows());
    try {
      requireFewErrors(
          job.errorBound(newFiles.rows()).withKnownErrors(PlanSummary.read(plan).errors()));
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
   * @param recorder of the run
   */
  Optional<JobRun> infer(UnfinishedRun unfinished, ErrorBound known, RunRecorder recorder)
      throws Exception {
    long rows = unfinished.rowsToAnswer();
    if (rows == 0) {
      return Optional.empty();
    }
    executor.beginWriting();
    JobRun inferred;
    try {
      inferred =
          executor.execute(
              () -> {
                InferJob inferJob = job.inferJob(executor.ownership(), unfinished.answerFolders());
                UnansweredRows unanswered =
                    new UnansweredRows(unfinished.plansLeft(), unfinished.unanswered(), known);
                return inferJob.start(unanswered, executor.inferEnvironment(), executor.embedded());
              },
              Stage.INFERRING,
              rows,
              counts -> recorder.answering(unfinished.rowsOfAllPlans(), rows, counts));
    } catch (ExecutionException e) {
      if (!lease.jobMayContinue()) {
        deleteLeftovers(unfinished, e);
      }
      throw e;
    }
    // A job that has recovered counts rows, too, that had their answers when this run began.
    if (inferred.rowsFinished() != rows || lease.recoversApplication()) {
      unfinished.requireAnswered();
    }
    lease.requireHeld();
    executor.deleteLeftovers(unfinished);
    return Optional.of(inferred);
  }

  /** After a failed job: if another run has taken over, what is there may be that one's. */
  private void deleteLeftovers(UnfinishedRun unfinished, ExecutionException failure) {
    try {
      lease.requireHeld();
      executor.deleteLeftovers(unfinished);
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      failure.addSuppressed(e);
    }
  }

  /** Brings rows into the input's order, once all have their answers, if they are to be. */
  Optional<JobRun> order(UnfinishedRun unfinished) throws Exception {
    if (!folder.ordered() || unfinished.rows() == 0) {
      return Optional.empty();
    }
    executor.beginWriting();
    unfinished.deleteUnrecorded(executor.runId());
    JobRun ordered =
        executor.execute(
            () ->
                job.orderJob(executor.ownership())
                    .start(
                        orderFolders(unfinished),
                        unfinished.orderedFilePrefix(),
                        unfinished.inputFiles(),
                        executor.batchEnvironment()),
            Stage.ORDERING,
            unfinished.rows());
    lease.requireHeld();
    unfinished.recordOrdered(executor.runId());
    executor.deleteLeftovers(unfinished);
    return Optional.of(ordered);
  }

  private static List<OrderJob.Folder> orderFolders(UnfinishedRun unfinished) {
    return unfinished.outputFolders().stream()
        .map(output -> new OrderJob.Folder(unfinished.unordered(output), output.path()))
        .toList();
  }

  /** Merges small output files, once all rows have their answers, if the job asks for it. */
  Optional<JobRun> compact(UnfinishedRun unfinished) throws Exception {
    JobSpecification.Output output = job.specification().output();
    if (folder.ordered() || !output.autoCompaction()) {
      return Optional.empty();
    }
    SmallFiles files = new SmallFiles(folder);
    List<FileGroup> groups = files.groups(output.fileSize().getBytes());
    if (groups.isEmpty()) {
      return Optional.empty();
    }
    executor.beginWriting();
    Optional<JobRun> compacted =
        new Compaction(job.answerFiles().merger(executor.runId()), files, executor)
            .merge(groups, unfinished.rows());
    executor.deleteLeftovers(unfinished);
    return compacted;
  }

  /**
   * Writes a file without rows if the input has none, so that readers find the columns.
   *
   * @return whether it was written now
   */
  boolean writeSchema(UnfinishedRun unfinished) throws IOException {
    if (unfinished.rowsOfAllPlans() > 0 || folder.hasFiles()) {
      return false;
    }
    executor.beginWriting();
    String runId = executor.runId();
    String name =
        folder.ordered()
            ? OutputNames.ordered(unfinished.orderedFilePrefix(), 0, 0, runId)
            : OutputNames.empty(runId);
    job.answerFiles().writeEmptyFile(executor.ownership(), folder.output(), name);
    if (folder.ordered()) {
      unfinished.recordOrdered(runId);
    }
    return true;
  }

  /**
   * Checks that no more rows have errors than the job tolerates.
   *
   * @return the bound, which knows the errors that have been found by now
   */
  ErrorBound requireFewErrors(UnfinishedRun unfinished) throws IOException, JobFailedException {
    ErrorBound known = unfinished.withKnownErrors(job.errorBound(unfinished.rowsOfAllPlans()));
    requireFewErrors(known);
    return known;
  }

  private static void requireFewErrors(ErrorBound known) throws JobFailedException {
    try {
      known.check();
    } catch (TooManyErrorsException e) {
      throw new JobFailedException(String.valueOf(e.getMessage()), e);
    }
  }
}
