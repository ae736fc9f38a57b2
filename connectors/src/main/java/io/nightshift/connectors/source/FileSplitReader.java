package io.nightshift.connectors.source;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.files.LocalFileNames;
import io.nightshift.connectors.files.ModificationTime;
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
final class FileSplitReader implements SplitReader<ReadBatch, FileSplit> {
  private final BatchFormat format;
  private final BufferAllocator allocator;
  private final UndeliveredBatches undelivered;
  private final Deque<FileSplit> splits = new ArrayDeque<>();
  private BatchFormat.@Nullable Batches reader;

  FileSplitReader(BatchFormat format, BufferAllocator allocator, UndeliveredBatches undelivered) {
    this.format = format;
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
    FileSplit split = splits.peek();
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

  private RecordsWithSplitIds<ReadBatch> fetch(FileSplit split) throws IOException {
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

  private BatchFormat.Batches open(FileSplit split) throws IOException {
    checkUnchanged(split);
    return format.open(split, allocator);
  }

  private static void checkUnchanged(FileSplit split) throws IOException {
    Path path = new Path(split.path());
    LocalFileNames.requireKnown(path);
    FileStatus status;
    try {
      status = path.getFileSystem().getFileStatus(path);
    } catch (FileNotFoundException gone) {
      throw new FileReadException(split.path(), "is gone since the job was submitted", gone);
    }
    if (status.getLen() != split.length()
        || !ModificationTime.same(status.getModificationTime(), split.modificationTime())) {
      throw new FileReadException(
          split.path(), "has changed since the job was submitted. Submit the job again.");
    }
  }

  @Override
  public void handleSplitsChanges(SplitsChange<FileSplit> change) {
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
