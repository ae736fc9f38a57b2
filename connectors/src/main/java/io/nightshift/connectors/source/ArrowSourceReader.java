package io.nightshift.connectors.source;

import io.nightshift.connectors.arrow.ArrowBatch;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.RecordEmitter;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;

/**
 * Emits batches and keeps the next row to emit in the state of each split. Reads one split at a
 * time, and reads ahead as many batches as Flink's element queue holds.
 */
final class ArrowSourceReader
    extends SingleThreadMultiplexSourceReaderBase<
        ReadBatch, ArrowBatch, FileSplit, ArrowSourceReader.SplitState> {
  private final UndeliveredBatches undelivered;

  ArrowSourceReader(
      SourceReaderContext context,
      BatchFormat format,
      BufferAllocator allocator,
      UndeliveredBatches undelivered) {
    super(
        () -> new FileSplitReader(format, allocator, undelivered),
        new Emitter(undelivered),
        context.getConfiguration(),
        context);
    this.undelivered = undelivered;
  }

  @Override
  public void start() {
    if (getNumberOfCurrentlyAssignedSplits() == 0) {
      context.sendSplitRequest();
    }
  }

  @Override
  protected void onSplitFinished(Map<String, SplitState> finished) {
    context.sendSplitRequest();
  }

  @Override
  protected SplitState initializedState(FileSplit split) {
    return new SplitState(split);
  }

  @Override
  protected FileSplit toSplitType(String splitId, SplitState state) {
    return state.split;
  }

  @Override
  public void close() throws Exception {
    try (undelivered) {
      super.close();
    }
  }

  /** A split and the row after the last batch that was emitted. */
  static final class SplitState {
    private FileSplit split;

    SplitState(FileSplit split) {
      this.split = split;
    }
  }

  private record Emitter(UndeliveredBatches undelivered)
      implements RecordEmitter<ReadBatch, ArrowBatch, SplitState> {
    @Override
    public void emitRecord(ReadBatch read, SourceOutput<ArrowBatch> output, SplitState state) {
      undelivered.remove(read.batch());
      output.collect(read.batch());
      state.split = state.split.at(read.next());
    }
  }
}
