package io.nightshift.connectors.units.source;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.units.KeyNames;
import io.nightshift.connectors.units.RowSelection;
import io.nightshift.connectors.units.WorkUnitReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.InputStatus;
import org.jspecify.annotations.Nullable;

/**
 * Reads units one after the other, a batch at a time, and asks for the next as it begins the last
 * one it has, so that there is always one at hand. Reads on the task's thread: a batch is some
 * hundred kilobytes, and the rows in it keep an engine busy for far longer than that takes.
 *
 * <p>Pauses while the task's {@link ReadGate} says so. Every event that may end a pause completes
 * the future that it left with Flink, which then polls again; a poll in vain leaves a new one. All
 * of it happens on the task's thread.
 */
final class WorkUnitSourceReader implements SourceReader<ArrowBatch, WorkUnitSplit> {
  private final SourceReaderContext context;
  private final Path folder;
  private final KeyNames keyNames;
  private final BufferAllocator allocator;
  private final ReadGate gate = ReadGate.create(this::wakeUp);
  private final Deque<WorkUnitSplit> splits = new ArrayDeque<>();
  private @Nullable WorkUnitSplit current;
  private @Nullable WorkUnitReader reader;
  private boolean noMoreSplits;
  private CompletableFuture<Void> available = CompletableFuture.completedFuture(null);

  WorkUnitSourceReader(
      SourceReaderContext context, Path folder, KeyNames keyNames, BufferAllocator allocator) {
    this.context = context;
    this.folder = folder;
    this.keyNames = keyNames;
    this.allocator = allocator;
  }

  @Override
  public void start() {
    if (splits.isEmpty()) {
      context.sendSplitRequest();
    }
  }

  @Override
  public InputStatus pollNext(ReaderOutput<ArrowBatch> output) throws IOException {
    if (gate.state() == ReadGate.State.FULL) {
      return pause();
    }
    if (reader == null && !openNext()) {
      boolean finished = noMoreSplits && gate.state() == ReadGate.State.IDLE;
      return finished ? InputStatus.END_OF_INPUT : pause();
    }
    Optional<ArrowBatch> batch = Objects.requireNonNull(reader).next();
    if (batch.isPresent()) {
      output.collect(batch.get());
    } else {
      closeReader();
    }
    return InputStatus.MORE_AVAILABLE;
  }

  private InputStatus pause() {
    available = new CompletableFuture<>();
    return InputStatus.NOTHING_AVAILABLE;
  }

  private void wakeUp() {
    available.complete(null);
  }

  private boolean openNext() throws IOException {
    WorkUnitSplit next = splits.poll();
    if (next == null) {
      return false;
    }
    if (splits.isEmpty() && !noMoreSplits) {
      context.sendSplitRequest();
    }
    reader = new WorkUnitReader(folder, next.description(), next.rows(), keyNames, allocator);
    current = next;
    return true;
  }

  @Override
  public List<WorkUnitSplit> snapshotState(long checkpointId) {
    List<WorkUnitSplit> state = new ArrayList<>();
    if (current != null && reader != null) {
      RowSelection rest = current.rows().startingAt(reader.nextRow());
      state.add(new WorkUnitSplit(current.unit(), current.description(), rest));
    }
    state.addAll(splits);
    return state;
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return available;
  }

  @Override
  public void addSplits(List<WorkUnitSplit> added) {
    splits.addAll(added);
    wakeUp();
  }

  @Override
  public void notifyNoMoreSplits() {
    noMoreSplits = true;
    wakeUp();
  }

  private void closeReader() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
      current = null;
    }
  }

  @Override
  public void close() throws IOException {
    gate.remove();
    closeReader();
  }
}
