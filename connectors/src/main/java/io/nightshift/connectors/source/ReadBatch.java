package io.nightshift.connectors.source;

import io.nightshift.connectors.arrow.ArrowBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.jspecify.annotations.Nullable;

/**
 * A batch that is passed from the reading thread to the task's thread.
 *
 * @param next position of the split after the batch
 */
record ReadBatch(ArrowBatch batch, SplitPosition next) {

  /** The result of a fetch: a batch of a split, the end of the split, or a failure. */
  static final class Fetched implements RecordsWithSplitIds<ReadBatch> {
    private @Nullable String splitId;
    private @Nullable ReadBatch record;
    private final @Nullable IOException failure;
    private final Set<String> finished;

    private Fetched(
        @Nullable String splitId,
        @Nullable ReadBatch record,
        @Nullable IOException failure,
        Set<String> finished) {
      this.splitId = splitId;
      this.record = record;
      this.failure = failure;
      this.finished = finished;
    }

    static Fetched batch(String splitId, ReadBatch batch) {
      return new Fetched(splitId, batch, null, Set.of());
    }

    static Fetched failure(String splitId, IOException failure) {
      return new Fetched(splitId, null, failure, Set.of());
    }

    static Fetched end(String splitId) {
      return new Fetched(null, null, null, Set.of(splitId));
    }

    static Fetched nothing() {
      return new Fetched(null, null, null, Set.of());
    }

    @Override
    public @Nullable String nextSplit() {
      String next = splitId;
      splitId = null;
      return next;
    }

    /**
     * @throws UncheckedIOException if the split cannot be read
     */
    @Override
    public @Nullable ReadBatch nextRecordFromSplit() {
      if (failure != null) {
        throw new UncheckedIOException(failure);
      }
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
