package io.nightshift.job.pipeline;

import io.nightshift.connectors.lease.Ownership;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.job.progress.Stage;
import io.nightshift.job.run.RunFolder;
import io.nightshift.job.run.RunLease;
import io.nightshift.job.run.UnfinishedRun;
import io.nightshift.job.topology.FlinkSettings;
import io.nightshift.job.topology.JobRun;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Executes the Flink jobs of one run, one after the other, while it holds its output's lease. */
final class JobExecutor {
  private final RunFolder folder;
  private final RunLease lease;
  private final FlinkSettings settings;
  private final StreamExecutionEnvironment environment;
  private final ProgressDisplay progress;

  JobExecutor(RunFolder folder, RunLease lease, FlinkSettings settings, ProgressDisplay progress) {
    this.folder = folder;
    this.lease = lease;
    this.settings = settings;
    this.environment = settings.environment();
    this.progress = progress;
  }

  RunLease lease() {
    return lease;
  }

  Ownership ownership() {
    return lease.ownership();
  }

  String runId() {
    return lease.ownership().runId();
  }

  boolean embedded() {
    return settings.embedded();
  }

  /** The environment of a job in batch mode. */
  StreamExecutionEnvironment batchEnvironment() {
    return settings.configureForPlan(environment);
  }

  /** The environment of the infer job. */
  StreamExecutionEnvironment inferEnvironment() {
    return settings.configureForInfer(environment);
  }

  /** Records that this run is about to write files, so that a later one knows them as its own. */
  void beginWriting() throws IOException {
    lease.requireHeld();
    folder.work().recordRun(folder.output(), runId());
  }

  /**
   * Executes a Flink job and shows its progress.
   *
   * @param rows that the job has to process
   */
  JobRun execute(Callable<JobClient> flinkJob, Stage stage, long rows) throws Exception {
    return execute(flinkJob, stage, rows, counts -> {});
  }

  /**
   * As {@link #execute(Callable, Stage, long)}.
   *
   * @param observer is given the job's counters so far, which it may ask for at any time
   */
  JobRun execute(
      Callable<JobClient> flinkJob,
      Stage stage,
      long rows,
      Consumer<Supplier<Map<String, Object>>> observer)
      throws Exception {
    return lease.during(() -> JobRun.follow(flinkJob, stage, rows, progress, observer));
  }

  /** Deletes what this run and others have begun and not committed. */
  void deleteLeftovers(UnfinishedRun unfinished) throws IOException {
    unfinished.deleteLeftovers(runId(), settings.user());
  }
}
