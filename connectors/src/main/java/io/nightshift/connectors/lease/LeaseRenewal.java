package io.nightshift.connectors.lease;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews a lease on a thread of its own, until it is closed or the lease is lost. */
public final class LeaseRenewal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseRenewal.class);

  private final Ownership lease;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "nightshift-lease");
            thread.setDaemon(true);
            return thread;
          });

  public LeaseRenewal(Ownership lease) {
    this.lease = lease;
    long millis = Lease.RENEWAL.toMillis();
    executor.scheduleWithFixedDelay(this::renew, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void renew() {
    try {
      lease.renew();
    } catch (LeaseLostException e) {
      LOG.error("This run has to end: {}", e.getMessage());
      executor.shutdown();
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      LOG.warn("Cannot renew the lease of this run; trying again", e);
    }
  }

  /** Waits for a renewal in progress, so that the lease can be released. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(Lease.RENEWAL.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("The last renewal of the lease takes long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
