package io.nightshift.connectors.units.source;

import io.nightshift.connectors.lease.Lease;
import io.nightshift.connectors.lease.LeaseLostException;
import io.nightshift.connectors.lease.Ownership;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assigns rows to whichever reader asks next, as {@link PendingUnits} decides: a slow reader gets
 * less, and the rows of a lost reader go to others.
 */
final class WorkUnitEnumerator implements SplitEnumerator<WorkUnitSplit, UnassignedRows> {
  private static final Logger LOG = LoggerFactory.getLogger(WorkUnitEnumerator.class);

  private final SplitEnumeratorContext<WorkUnitSplit> context;
  private final WorkUnits units;
  private final UnassignedRows rows;
  private final Ownership ownership;
  private PendingUnits pending;

  /**
   * @param rows that no reader has
   * @param ownership renewed as long as the enumerator lives
   */
  @SuppressWarnings("NullAway.Init") // Flink calls start() before anything else
  WorkUnitEnumerator(
      SplitEnumeratorContext<WorkUnitSplit> context,
      WorkUnits units,
      UnassignedRows rows,
      Ownership ownership) {
    this.context = context;
    this.units = units;
    this.rows = rows;
    this.ownership = ownership;
  }

  /**
   * Reads the descriptions of the units on the coordinator's thread, which does not block the
   * JobManager's.
   */
  @Override
  public void start() {
    try {
      pending = new PendingUnits(new PlanRows(units.units(), units.rowCost()), rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long millis = Lease.RENEWAL.toMillis();
    context.callAsync(this::renew, this::requireRenewed, 0, millis);
  }

  private boolean renew() throws IOException {
    ownership.renew();
    return true;
  }

  /** Ends the job if another run has taken over; continues while storage is unavailable. */
  private void requireRenewed(@Nullable Boolean renewed, @Nullable Throwable failure) {
    if (failure instanceof LeaseLostException) {
      throw new FlinkRuntimeException(failure);
    }
    if (failure != null) {
      LOG.warn("Cannot renew the lease of this job; trying again", failure);
    }
  }

  @Override
  public void handleSplitRequest(int reader, @Nullable String host) {
    if (!context.registeredReaders().containsKey(reader)) {
      return;
    }
    Optional<WorkUnitSplit> next =
        pending.next(reader, context.currentParallelism(), System.nanoTime());
    if (next.isPresent()) {
      context.assignSplit(next.get(), reader);
    } else {
      context.signalNoMoreSplits(reader);
    }
  }

  @Override
  public void addSplitsBack(List<WorkUnitSplit> splits, int reader) {
    pending.giveBack(splits, reader);
  }

  @Override
  public void addReader(int reader) {}

  @Override
  public UnassignedRows snapshotState(long checkpointId) {
    return pending.rows();
  }

  @Override
  public void close() {}
}
