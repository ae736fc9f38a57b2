package io.nightshift.connectors.parquet.source;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.files.LocalFileNames;
import io.nightshift.connectors.files.ModificationTime;
import io.nightshift.connectors.parquet.decode.BatchLayout;
import io.nightshift.connectors.parquet.decode.BatchReader;
import io.nightshift.connectors.parquet.file.ParquetFile;
import io.nightshift.connectors.parquet.file.ParquetReadException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads the splits of a reader one after the other, one batch per fetch, in a thread of its own.
 */
final class ParquetSplitReader implements SplitReader<ReadBatch, ParquetSplit> {
  private final BatchLayout layout;
  private final BufferAllocator allocator;
  private final UndeliveredBatches undelivered;
  private final Deque<ParquetSplit> splits = new ArrayDeque<>();
  private @Nullable BatchReader reader;

  ParquetSplitReader(
      BatchLayout layout, BufferAllocator allocator, UndeliveredBatches undelivered) {
    this.layout = layout;
    this.allocator = allocator;
    this.undelivered = undelivered;
  }

  /**
   * A failure is passed to the task like a batch. If it were thrown here, the task could miss it
   * and wait forever: it may check for failures just before there is one, and find the queue empty
   * just after.
   */
  @Override
  public RecordsWithSplitIds<ReadBatch> fetch() {
    ParquetSplit split = splits.peek();
    if (split == null) {
      return ReadBatch.Fetched.nothing();
    }
    try {
      return fetch(split);
    } catch (IOException e) {
      return ReadBatch.Fetched.failure(split.splitId(), e);
    } catch (RuntimeException e) {
      return ReadBatch.Fetched.failure(split.splitId(), new IOException(e.getMessage(), e));
    }
  }

  private RecordsWithSplitIds<ReadBatch> fetch(ParquetSplit split) throws IOException {
    if (reader == null) {
      reader = open(split);
    }
    ArrowBatch batch = reader.next();
    if (batch == null) {
      closeReader();
      splits.remove();
      return ReadBatch.Fetched.end(split.splitId());
    }
    undelivered.add(batch);
    return ReadBatch.Fetched.batch(split.splitId(), new ReadBatch(batch, reader.position()));
  }

  private BatchReader open(ParquetSplit split) throws IOException {
    Path path = new Path(split.path());
    checkUnchanged(split, path);
    ParquetFile file = ParquetFile.open(path, split.length());
    return new BatchReader(
        file, layout, split.folders(), split.position(), split.endRowGroup(), allocator);
  }

  private static void checkUnchanged(ParquetSplit split, Path path) throws IOException {
    LocalFileNames.requireKnown(path);
    FileStatus status;
    try {
      status = path.getFileSystem().getFileStatus(path);
    } catch (FileNotFoundException gone) {
      throw new ParquetReadException(split.path(), "is gone since the job was submitted", gone);
    }
    if (status.getLen() != split.length()
        || !ModificationTime.same(status.getModificationTime(), split.modificationTime())) {
      throw new ParquetReadException(
          split.path(), "has changed since the job was submitted. Submit the job again.");
    }
  }

  @Override
  public void handleSplitsChanges(SplitsChange<ParquetSplit> change) {
    splits.addAll(change.splits());
  }

  /** A fetch ends by itself after one batch. */
  @Override
  public void wakeUp() {}

  @Override
  public void close() throws IOException {
    closeReader();
  }

  private void closeReader() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
