package io.nightshift.connectors.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/** Hands out splits one by one to whichever reader asks, in their order. */
final class FileSplitEnumerator implements SplitEnumerator<FileSplit, PendingSplits> {
  private final SplitEnumeratorContext<FileSplit> context;
  private final Deque<FileSplit> pending;

  FileSplitEnumerator(SplitEnumeratorContext<FileSplit> context, PendingSplits pending) {
    this.context = context;
    this.pending = new ArrayDeque<>(pending.splits());
  }

  @Override
  public void start() {}

  @Override
  public void handleSplitRequest(int reader, @Nullable String host) {
    if (!context.registeredReaders().containsKey(reader)) {
      return; // It has failed since its request, and asks again after it has recovered.
    }
    FileSplit split = pending.poll();
    if (split == null) {
      context.signalNoMoreSplits(reader);
    } else {
      context.assignSplit(split, reader);
    }
  }

  @Override
  public void addSplitsBack(List<FileSplit> splits, int reader) {
    for (int i = splits.size() - 1; i >= 0; i--) {
      pending.addFirst(splits.get(i));
    }
  }

  @Override
  public void addReader(int reader) {}

  @Override
  public PendingSplits snapshotState(long checkpoint) {
    return new PendingSplits(List.copyOf(pending));
  }

  @Override
  public void close() {}
}
