package io.nightshift.job.run;

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
import org.apache.flink.runtime.client.JobExecutionException;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.ShutdownHookUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease that makes an output this run's alone: of two runs at once, each would answer what the
 * other had not committed yet. The infer job keeps the lease when this program is gone; other jobs
 * check at their ends whether it is still theirs.
 */
public final class RunLease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLease.class);

  private final Lease lease;
  private final LeaseHolder holder;
  private final LeaseRenewal renewal;
  private final Submission submission;
  private final Thread shutdownHook;
  private volatile boolean jobMayContinue;

  private RunLease(Lease lease, LeaseHolder holder, Submission submission) {
    this.lease = lease;
    this.holder = holder;
    this.submission = submission;
    renewal = new LeaseRenewal(lease);
    shutdownHook = ShutdownHookUtil.addShutdownHook(this::end, "lease of the run", LOG);
  }

  /**
   * Takes the lease in a folder once the run that holds it is known to have ended.
   *
   * @throws JobFailedException if another run is still going
   */
  public static RunLease take(Path folder, Submission submission, ProgressDisplay progress)
      throws IOException, InterruptedException, JobFailedException {
    LeaseHolder own = submission.leaseHolder();
    Optional<LeaseHolder> other =
        Lease.holder(folder).filter(holder -> !holder.id().equals(own.id()));
    if (other.isPresent() && !hasEnded(folder, other.get(), progress)) {
      throw new JobFailedException(
          "another run writes to %s (%s): wait until it is done, or end it and run the job again"
              .formatted(folder.getParent().getParent(), other.get().description()));
    }
    return new RunLease(Lease.take(folder, own, other), own, submission);
  }

  private static boolean hasEnded(Path folder, LeaseHolder holder, ProgressDisplay progress)
      throws IOException, InterruptedException {
    try (ProgressDisplay.Following following =
        progress.follow(() -> ProgressSnapshot.beginning(Stage.WAITING))) {
      return Lease.awaitEnd(folder, holder);
    }
  }

  /** This run. */
  public LeaseHolder holder() {
    return holder;
  }

  /** What the tasks of this run's jobs check before they commit. */
  public Ownership ownership() {
    return lease;
  }

  /**
   * Runs one of the run's Flink jobs, from its submission to its end.
   *
   * @return what {@code job} returns
   */
  public <T> T during(Callable<T> job) throws Exception {
    lease.requireHeld();
    jobMayContinue = true;
    try {
      T done = job.call();
      jobMayContinue = false;
      return done;
    } catch (ExecutionException e) {
      jobMayContinue = !hasFailed(e);
      throw e;
    }
  }

  /** Whether it is the job that has failed or was cancelled, and not the connection to it. */
  private static boolean hasFailed(ExecutionException e) {
    return ExceptionUtils.findThrowable(e, JobExecutionException.class).isPresent();
  }

  /**
   * Whether a Flink job of this run may still be running: its submission or the connection to it
   * failed, not the job itself.
   */
  public boolean jobMayContinue() {
    return jobMayContinue;
  }

  /** Whether the next JobManager resumes this run by calling the program again. */
  public boolean recoversApplication() {
    return submission.recoversApplication();
  }

  /**
   * Checks that no other run has taken over.
   *
   * @throws LeaseLostException if one has
   */
  public void requireHeld() throws IOException {
    lease.requireHeld();
  }

  /**
   * Releases the lease unless something still needs it. A job in this process ends with it, and
   * commits nothing from then on. An application that recovers is the same run in another
   * JobManager, which may have started by now.
   */
  private void end() {
    renewal.close();
    if (submission.embedded() || !(jobMayContinue || recoversApplication())) {
      try {
        lease.release();
      } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
        LOG.warn("Cannot release {}; the next run waits until it has expired", lease, e);
      }
    }
  }

  @Override
  public void close() {
    ShutdownHookUtil.removeShutdownHook(shutdownHook, "lease of the run", LOG);
    end();
  }
}
