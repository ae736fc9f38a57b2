package io.nightshift.connectors.units.source;

import io.nightshift.connectors.lease.Lease;
import io.nightshift.connectors.lease.LeaseLostException;
import io.nightshift.connectors.lease.Ownership;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assigns rows to readers that ask for them, as {@link WorkUnitAssigner} decides: a slow reader
 * gets less, and the rows of a lost reader go to others.
 */
final class WorkUnitEnumerator implements SplitEnumerator<WorkUnitSplit, UnassignedRows> {
  private static final Logger LOG = LoggerFactory.getLogger(WorkUnitEnumerator.class);

  private final SplitEnumeratorContext<WorkUnitSplit> context;
  private final WorkUnits units;
  private final UnassignedRows rows;
  private final Ownership ownership;
  private WorkUnitAssigner assigner;

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
      assigner = new WorkUnitAssigner(units.units(), units.rowCost(), rows);
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
    throw new UnsupportedOperationException("readers send a WorkUnitRequest");
  }

  @Override
  public void handleSourceEvent(int reader, SourceEvent event) {
    if (!(event instanceof WorkUnitRequest request)) {
      throw new IllegalArgumentException("not an event of a WorkUnitSourceReader: " + event);
    }
    if (context.registeredReaders().containsKey(reader)) {
      assigner.request(reader, request.unfinishedRows(), System.nanoTime());
      assign();
    }
  }

  private void assign() {
    assigner
        .assign(context.currentParallelism(), System.nanoTime())
        .forEach((reader, split) -> context.assignSplit(split, reader));
    assigner.takeFinished().forEach(context::signalNoMoreSplits);
  }

  @Override
  public void addSplitsBack(List<WorkUnitSplit> splits, int reader) {
    assigner.lose(reader, splits);
    assign();
  }

  @Override
  public void addReader(int reader) {}

  @Override
  public UnassignedRows snapshotState(long checkpointId) {
    return assigner.unassigned();
  }

  @Override
  public void close() {}
}
