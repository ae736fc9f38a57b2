package io.nightshift.connectors.units;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/**
 * Hands work to whichever reader asks next, as {@link PendingUnits} says: a slow reader gets less,
 * a lost one's units go to others.
 */
final class WorkUnitEnumerator implements SplitEnumerator<WorkUnitSplit, UnassignedRows> {
  private final SplitEnumeratorContext<WorkUnitSplit> context;
  private final Plans plans;
  private final UnassignedRows rows;
  private PendingUnits pending;

  /**
   * @param rows that no reader has
   */
  @SuppressWarnings("NullAway.Init") // Flink calls start() before anything else
  WorkUnitEnumerator(
      SplitEnumeratorContext<WorkUnitSplit> context, Plans plans, UnassignedRows rows) {
    this.context = context;
    this.plans = plans;
    this.rows = rows;
  }

  /** Reads the manifests, on the coordinator's thread: the JobManager's goes on meanwhile. */
  @Override
  public void start() {
    try {
      pending = new PendingUnits(new PlanRows(plans.units()), rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
