package io.nightshift.connectors.units.source;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.units.KeyNames;
import io.nightshift.connectors.units.RowSelection;
import io.nightshift.connectors.units.WorkUnitReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.InputStatus;
import org.jspecify.annotations.Nullable;

/**
 * Reads units one after the other, one batch at a time, and asks for the next unit when it starts
 * its last one, so that there is always one available. If it has to wait for it, it asks again
 * whenever half of its rows are done, since how fast it is may decide whether it gets some. Reads
 * on the task's thread: a batch has some hundred kilobytes, and processing its rows takes far
 * longer than reading them.
 *
 * <p>Pauses while the operator reports to the task's {@link ReadGate} that it is full. Every event
 * that may end a pause completes the future that Flink waits for, and Flink polls again; a poll
 * without a result creates a new future. All of this happens on the task's thread.
 */
final class WorkUnitSourceReader
    implements SourceReader<ArrowBatch, WorkUnitSplit>, ReadGate.Reader {
  private final SourceReaderContext context;
  private final Path folder;
  private final KeyNames keyNames;
  private final BufferAllocator allocator;
  private final ReadGate gate = ReadGate.create(this);
  private final Deque<WorkUnitSplit> splits = new ArrayDeque<>();
  private @Nullable WorkUnitSplit current;
  private @Nullable WorkUnitReader reader;
  private boolean noMoreSplits;

  /** Rows that were unfinished when it last asked for more; without a value if it has an answer. */
  private OptionalLong asked = OptionalLong.empty();

  /** What to do once the rows are returned, while the reader ends before they are done. */
  private ReadGate.@Nullable Returned returned;

  private final List<WorkUnitSplit> returning = new ArrayList<>();

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
      ask();
    }
  }

  private void ask() {
    asked = OptionalLong.of(unfinishedRows());
    context.sendSourceEventToCoordinator(new WorkUnitRequest(asked.getAsLong()));
  }

  private long unfinishedRows() {
    return gate.unfinishedRows() + rest().stream().mapToLong(split -> split.rows().count()).sum();
  }

  @Override
  public void operatorReported() {
    askAgain();
    wakeUp();
  }

  private void askAgain() {
    if (asked.isPresent()) {
      long unfinished = unfinishedRows();
      if (unfinished < asked.getAsLong() && unfinished <= asked.getAsLong() / 2) {
        ask();
      }
    }
  }

  @Override
  public InputStatus pollNext(ReaderOutput<ArrowBatch> output) throws IOException {
    if (returned != null || gate.state() == ReadGate.State.FULL) {
      return pause();
    }
    if (reader == null && !openNext()) {
      askAgain();
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
    reader = new WorkUnitReader(folder, next.description(), next.rows(), keyNames, allocator);
    current = next;
    if (splits.isEmpty() && !noMoreSplits) {
      ask();
    }
    return true;
  }

  @Override
  public List<WorkUnitSplit> snapshotState(long checkpointId) {
    return rest();
  }

  /** What it has not emitted yet. */
  private List<WorkUnitSplit> rest() {
    List<WorkUnitSplit> rest = new ArrayList<>(returning);
    if (current != null && reader != null) {
      RowSelection left = current.rows().startingAt(reader.nextRow());
      rest.add(new WorkUnitSplit(current.unit(), current.description(), left));
    }
    rest.addAll(splits);
    return rest;
  }

  /** Nothing is read any more; what is left stays in the state until the enumerator has it. */
  @Override
  public void leave(Map<String, BitSet> rowsOfOperator, ReadGate.Returned whenReturned)
      throws IOException {
    returned = whenReturned;
    asked = OptionalLong.empty();
    List<WorkUnitSplit> rest = rest();
    splits.clear();
    closeReader();
    returning.addAll(rest);
    sendReturning(rowsOfOperator);
  }

  private void sendReturning(Map<String, BitSet> otherRows) {
    Map<String, BitSet> rows = new TreeMap<>();
    otherRows.forEach((unit, numbers) -> rows.put(unit, (BitSet) numbers.clone()));
    for (WorkUnitSplit split : returning) {
      BitSet left = new BitSet();
      left.set((int) split.rows().from(), (int) split.rows().to());
      left.andNot(split.rows().done());
      rows.computeIfAbsent(split.description().file(), unit -> new BitSet()).or(left);
    }
    context.sendSourceEventToCoordinator(new ReturnedRows(rows));
  }

  /** Also returns what the enumerator had assigned before it knew. */
  @Override
  public void handleSourceEvents(SourceEvent event) {
    if (!(event instanceof ReturnConfirmed confirmed) || returned == null) {
      throw new IllegalArgumentException("not an event of a WorkUnitEnumerator: " + event);
    }
    returning.clear();
    boolean finish = confirmed.finish() && splits.isEmpty();
    returned.forget(finish);
    if (finish) {
      returned = null;
      noMoreSplits = true;
      wakeUp();
    } else if (!splits.isEmpty()) {
      returning.addAll(splits);
      splits.clear();
      sendReturning(Map.of());
    }
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return available;
  }

  @Override
  public void addSplits(List<WorkUnitSplit> added) {
    splits.addAll(added);
    asked = OptionalLong.empty();
    wakeUp();
  }

  @Override
  public void notifyNoMoreSplits() {
    noMoreSplits = true;
    asked = OptionalLong.empty();
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
