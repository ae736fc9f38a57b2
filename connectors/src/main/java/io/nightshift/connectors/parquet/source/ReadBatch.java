package io.nightshift.connectors.parquet.source;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.parquet.decode.RowPosition;
import java.util.Set;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.jspecify.annotations.Nullable;

/**
 * A batch on its way from the thread that reads to the task's thread.
 *
 * @param next where the split goes on behind the batch
 */
record ReadBatch(ArrowBatch batch, RowPosition next) {

  /** What one fetch brings: a batch of a split, or the end of the split. */
  static final class Fetched implements RecordsWithSplitIds<ReadBatch> {
    private @Nullable String splitId;
    private @Nullable ReadBatch record;
    private final Set<String> finished;

    private Fetched(@Nullable String splitId, @Nullable ReadBatch record, Set<String> finished) {
      this.splitId = splitId;
      this.record = record;
      this.finished = finished;
    }

    static Fetched batch(String splitId, ReadBatch batch) {
      return new Fetched(splitId, batch, Set.of());
    }

    static Fetched end(String splitId) {
      return new Fetched(null, null, Set.of(splitId));
    }

    static Fetched nothing() {
      return new Fetched(null, null, Set.of());
    }

    @Override
    public @Nullable String nextSplit() {
      String next = splitId;
      splitId = null;
      return next;
    }

    @Override
    public @Nullable ReadBatch nextRecordFromSplit() {
      ReadBatch next = record;
      record = null;
      return next;
    }

    @Override
    public Set<String> finishedSplits() {
      return finished;
    }
  }
}
