package io.nightshift.job.run;

import io.nightshift.job.topology.FlinkSettings;
import io.nightshift.job.topology.JobRun;

import io.nightshift.connectors.lease.Lease;
import io.nightshift.connectors.lease.LeaseHolder;
import io.nightshift.connectors.lease.LeaseLostException;
import io.nightshift.connectors.lease.LeaseRenewal;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.job.progress.ProgressSnapshot;
import io.nightshift.job.progress.Stage;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.ShutdownHookUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes an output this run's alone: of two runs at once, each would answer what the other had
 * not committed yet. The infer job keeps the lease when this program is gone; other jobs find out
 * at their ends whether it is still theirs.
 */
final class RunLease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLease.class);

  private final Lease lease;
  private final LeaseHolder holder;
  private final LeaseRenewal renewal;
  private final FlinkSettings settings;
  private final Thread shutdownHook;
  private volatile boolean jobMayGoOn;

  private RunLease(Lease lease, LeaseHolder holder, FlinkSettings settings) {
    this.lease = lease;
    this.holder = holder;
    this.settings = settings;
    renewal = new LeaseRenewal(lease);
    shutdownHook = ShutdownHookUtil.addShutdownHook(this::end, "lease of the run", LOG);
  }

  /**
   * Takes the lease in a folder, when the run that has it is known to be dead.
   *
   * @throws JobFailedException if another run goes on
   */
  static RunLease take(Path folder, FlinkSettings settings, ProgressDisplay progress)
      throws IOException, InterruptedException, JobFailedException {
    LeaseHolder own = settings.leaseHolder();
    Optional<LeaseHolder> other =
        Lease.holder(folder).filter(holder -> !holder.id().equals(own.id()));
    if (other.isPresent() && !hasEnded(folder, other.get(), progress)) {
      throw new JobFailedException(
          "another run writes to %s (%s): wait until it is done, or end it and run the job again"
              .formatted(folder.getParent().getParent(), other.get().description()));
    }
    return new RunLease(Lease.take(folder, own, other), own, settings);
  }

  private static boolean hasEnded(Path folder, LeaseHolder holder, ProgressDisplay progress)
      throws IOException, InterruptedException {
    try (ProgressDisplay.Following following =
        progress.follow(() -> ProgressSnapshot.beginning(Stage.WAITING))) {
      return Lease.awaitEnd(folder, holder);
    }
  }

  /** This run. */
  LeaseHolder holder() {
    return holder;
  }

  /** What the tasks of this run's jobs are to hold to. */
  Ownership ownership() {
    return lease;
  }

  /** Does one of the run's Flink jobs. */
  JobRun during(Callable<JobRun> job) throws Exception {
    lease.requireHeld();
    jobMayGoOn = true;
    try {
      JobRun done = job.call();
      jobMayGoOn = false;
      return done;
    } catch (ExecutionException e) {
      jobMayGoOn = !JobRun.hasFailed(e);
      throw e;
    }
  }

  /**
   * Checks that no other run has taken over.
   *
   * @throws LeaseLostException if one has
   */
  void requireHeld() throws IOException {
    lease.requireHeld();
  }

  /**
   * Gives the lease back unless somebody still needs it. A job in this process ends with it, and
   * commits nothing from then on. An application that recovers is the same run in another
   * JobManager, which may have begun by now.
   */
  private void end() {
    renewal.close();
    if (settings.embedded() || !(jobMayGoOn || settings.recoversApplication())) {
      try {
        lease.release();
      } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
        LOG.warn("Cannot give {} back; the next run waits until it sees nobody there", lease, e);
      }
    }
  }

  @Override
  public void close() {
    ShutdownHookUtil.removeShutdownHook(shutdownHook, "lease of the run", LOG);
    end();
  }
}
