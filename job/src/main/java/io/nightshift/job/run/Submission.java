package io.nightshift.job.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.temporal.ChronoUnit.SECONDS;

import io.nightshift.connectors.lease.LeaseHolder;
import io.nightshift.job.options.InvalidJobException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.UUID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.configuration.StateRecoveryOptions;

/**
 * How a run was started: by the launcher, whose process runs Flink as well; by {@code flink run};
 * or by a JobManager in application mode.
 *
 * @param flink what the user has configured: Flink's configuration file, and what {@code flink run}
 *     was given
 * @param embedded whether Flink runs in this process, for this run alone
 */
public record Submission(Configuration flink, boolean embedded) {

  /**
   * What the run is called while it holds the lease of its output. An application with high
   * availability is the same run when the next JobManager calls the program again; every other call
   * is a run by itself.
   */
  LeaseHolder leaseHolder() {
    String id =
        flink
            .getOptional(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID)
            .map(
                job ->
                    UUID.nameUUIDFromBytes(
                        (job
                                + flink.get(HighAvailabilityOptions.HA_CLUSTER_ID)
                                + flink.get(HighAvailabilityOptions.HA_STORAGE_PATH))
                            .getBytes(UTF_8)))
            .orElseGet(UUID::randomUUID)
            .toString();
    String process = ManagementFactory.getRuntimeMXBean().getName();
    return new LeaseHolder(
        id, "process %s, since %s".formatted(process, Instant.now().truncatedTo(SECONDS)));
  }

  /**
   * Refuses a savepoint or checkpoint to start from. The output may have been extended since it was
   * taken, and its state would answer those rows a second time. When Flink recovers a job by
   * itself, it restores the latest checkpoint, which agrees with the output, and sets no such
   * option.
   *
   * @throws InvalidJobException naming the option
   */
  public void requireNoSavepoint() {
    flink
        .getOptional(StateRecoveryOptions.SAVEPOINT_PATH)
        .ifPresent(
            path -> {
              throw new InvalidJobException(
                  "%s (flink run -s) is set to %s: a run cannot start from a savepoint or checkpoint, because rows answered since then would be answered twice. Run the job without it; it resumes from its own output."
                      .formatted(StateRecoveryOptions.SAVEPOINT_PATH.key(), path));
            });
  }

  /** Whether the next JobManager resumes this run by calling the program again. */
  public boolean recoversApplication() {
    return flink.contains(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID);
  }
}
