package io.nightshift.connectors.units;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/**
 * Hands out units in planned order, each to whichever reader asks next: a slow reader gets fewer, a
 * lost one's go to others.
 */
final class WorkUnitEnumerator implements SplitEnumerator<WorkUnitSplit, WorkUnitSplits> {
  private final SplitEnumeratorContext<WorkUnitSplit> context;
  private final Deque<WorkUnitSplit> pending;

  WorkUnitEnumerator(SplitEnumeratorContext<WorkUnitSplit> context, WorkUnitSplits pending) {
    this.context = context;
    this.pending = new ArrayDeque<>(pending.splits());
  }

  @Override
  public void start() {}

  @Override
  public void handleSplitRequest(int reader, @Nullable String host) {
    if (!context.registeredReaders().containsKey(reader)) {
      return;
    }
    WorkUnitSplit next = pending.poll();
    if (next == null) {
      context.signalNoMoreSplits(reader);
    } else {
      context.assignSplit(next, reader);
    }
  }

  @Override
  public void addSplitsBack(List<WorkUnitSplit> splits, int reader) {
    splits.stream()
        .sorted(Comparator.comparingInt(WorkUnitSplit::unit).reversed())
        .forEach(pending::addFirst);
  }

  @Override
  public void addReader(int reader) {}

  @Override
  public WorkUnitSplits snapshotState(long checkpointId) {
    return new WorkUnitSplits(List.copyOf(pending));
  }

  @Override
  public void close() {}
}
