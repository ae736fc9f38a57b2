package io.nightshift.connectors.parquet.sink;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.files.FullDiskException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.connector.file.sink.FileSinkCommittable;
import org.apache.flink.connector.file.sink.writer.FileWriter;
import org.apache.flink.connector.file.sink.writer.FileWriterBucketState;
import org.apache.flink.core.fs.Path;

/**
 * Wraps Flink's file writer and owns the batches. The file writer can fail before a batch has
 * reached the Parquet writer, so batches are closed here.
 */
final class BatchClosingWriter
    implements StatefulSinkWriter<ArrowBatch, FileWriterBucketState>,
        CommittingSinkWriter<ArrowBatch, FileSinkCommittable> {
  private final FileWriter<ArrowBatch> files;
  private final Path folder;

  /**
   * @param folder that the files are written to
   */
  BatchClosingWriter(FileWriter<ArrowBatch> files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  @Override
  public void write(ArrowBatch batch, Context context) throws IOException, InterruptedException {
    try (batch) {
      if (batch.rows() > 0) {
        files.write(batch, context);
      }
    } catch (IOException e) {
      throw FullDiskException.explain(folder, e);
    }
  }

  @Override
  public void flush(boolean endOfInput) throws IOException, InterruptedException {
    try {
      files.flush(endOfInput);
    } catch (IOException e) {
      throw FullDiskException.explain(folder, e);
    }
  }

  @Override
  public Collection<FileSinkCommittable> prepareCommit() throws IOException {
    try {
      return files.prepareCommit();
    } catch (IOException e) {
      throw FullDiskException.explain(folder, e);
    }
  }

  @Override
  public List<FileWriterBucketState> snapshotState(long checkpoint) throws IOException {
    try {
      return files.snapshotState(checkpoint);
    } catch (IOException e) {
      throw FullDiskException.explain(folder, e);
    }
  }

  @Override
  public void close() {
    files.close();
  }
}
