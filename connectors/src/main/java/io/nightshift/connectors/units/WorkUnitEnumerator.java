package io.nightshift.connectors.units;

import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/**
 * Hands work to whichever reader asks next, as {@link PendingUnits} says: a slow reader gets less,
 * a lost one's units go to others.
 */
final class WorkUnitEnumerator implements SplitEnumerator<WorkUnitSplit, WorkUnitSplits> {
  private final SplitEnumeratorContext<WorkUnitSplit> context;
  private final PendingUnits pending;

  WorkUnitEnumerator(SplitEnumeratorContext<WorkUnitSplit> context, WorkUnitSplits pending) {
    this.context = context;
    this.pending = new PendingUnits(pending.splits());
  }

  @Override
  public void start() {}

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
  public WorkUnitSplits snapshotState(long checkpointId) {
    return new WorkUnitSplits(pending.splits());
  }

  @Override
  public void close() {}
}
