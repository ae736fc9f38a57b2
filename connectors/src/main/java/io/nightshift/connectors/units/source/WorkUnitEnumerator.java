package io.nightshift.connectors.units.source;

import io.nightshift.connectors.lease.Lease;
import io.nightshift.connectors.lease.LeaseLostException;
import io.nightshift.connectors.lease.Ownership;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assigns rows to readers that ask for them, as {@link WorkUnitAssigner} decides: a slow reader
 * gets less, and the rows of a lost reader go to others. So do those that a reader returns because
 * its machine is about to end, as soon as a checkpoint is complete.
 *
 * <p>Flink has no way to ask for a checkpoint from here. But it takes checkpoints at {@code
 * execution.checkpointing.interval-during-backlog} while a source says that it has a backlog, and
 * at the shorter {@code execution.checkpointing.interval} otherwise: the enumerator has a backlog
 * unless returned rows wait.
 */
final class WorkUnitEnumerator implements SplitEnumerator<WorkUnitSplit, UnassignedRows> {
  private static final Logger LOG = LoggerFactory.getLogger(WorkUnitEnumerator.class);

  private final SplitEnumeratorContext<WorkUnitSplit> context;
  private final WorkUnits units;
  private final UnassignedRows rows;
  private final Ownership ownership;
  private final boolean elastic;
  private final Set<Integer> finished = new HashSet<>();
  private final LeavingReaders leaving = new LeavingReaders();
  private WorkUnitAssigner assigner;

  /**
   * @param rows that no reader has
   * @param ownership renewed as long as the enumerator lives
   * @param elastic whether readers that return their rows may finish
   */
  @SuppressWarnings("NullAway.Init") // Flink calls start() before anything else
  WorkUnitEnumerator(
      SplitEnumeratorContext<WorkUnitSplit> context,
      WorkUnits units,
      UnassignedRows rows,
      Ownership ownership,
      boolean elastic) {
    this.context = context;
    this.units = units;
    this.rows = rows;
    this.ownership = ownership;
    this.elastic = elastic;
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
    context.setIsProcessingBacklog(true);
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
    if (!context.registeredReaders().containsKey(reader)) {
      return;
    }
    if (event instanceof WorkUnitRequest request) {
      assigner.request(reader, request.unfinishedRows(), System.nanoTime());
    } else if (event instanceof ReturnedRows returned) {
      takeBack(reader, returned);
    } else {
      throw new IllegalArgumentException("not an event of a WorkUnitSourceReader: " + event);
    }
    assign();
  }

  private void takeBack(int reader, ReturnedRows returned) {
    List<WorkUnitSplit> splits = assigner.splits(returned.rowsByUnit());
    LOG.info(
        "Reader {} ends and returns {} rows",
        reader,
        splits.stream().mapToInt(split -> split.rows().count()).sum());
    assigner.leave(reader);
    leaving.add(reader, splits);
    finished.add(reader);
    boolean othersStay = finished.size() < context.currentParallelism();
    context.sendEventToSourceReader(reader, new ReturnConfirmed(elastic && othersStay));
    context.setIsProcessingBacklog(false);
  }

  private void assign() {
    assigner
        .assign(context.currentParallelism(), System.nanoTime())
        .forEach((reader, split) -> context.assignSplit(split, reader));
    if (leaving.isEmpty()) {
      assigner.takeFinished().forEach(this::finish);
    }
  }

  private void finish(int reader) {
    finished.add(reader);
    context.signalNoMoreSplits(reader);
  }

  @Override
  public void addSplitsBack(List<WorkUnitSplit> splits, int reader) {
    finished.remove(reader);
    leaving.reset(reader);
    assigner.lose(reader, splits);
    continueWithoutLeaving();
  }

  private void continueWithoutLeaving() {
    if (leaving.isEmpty()) {
      context.setIsProcessingBacklog(true);
    }
    assign();
  }

  @Override
  public void addReader(int reader) {}

  @Override
  public UnassignedRows snapshotState(long checkpointId) {
    return assigner.unassignedWith(leaving.snapshot(checkpointId));
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    if (!leaving.isEmpty()) {
      assigner.giveBack(leaving.complete(checkpointId));
      continueWithoutLeaving();
    }
  }

  @Override
  public void close() {}
}
