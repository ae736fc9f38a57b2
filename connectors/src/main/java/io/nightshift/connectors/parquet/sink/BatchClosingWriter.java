package io.nightshift.connectors.parquet.sink;

import io.nightshift.connectors.arrow.ArrowBatch;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.connector.file.sink.FileSinkCommittable;
import org.apache.flink.connector.file.sink.writer.FileWriter;
import org.apache.flink.connector.file.sink.writer.FileWriterBucketState;

/**
 * Flink's file writer as the owner of the batches it gets. The file writer can fail before a batch
 * has reached the Parquet writer, so the batch is closed out here.
 */
final class BatchClosingWriter
    implements StatefulSinkWriter<ArrowBatch, FileWriterBucketState>,
        CommittingSinkWriter<ArrowBatch, FileSinkCommittable> {
  private final FileWriter<ArrowBatch> files;

  BatchClosingWriter(FileWriter<ArrowBatch> files) {
    this.files = files;
  }

  @Override
  public void write(ArrowBatch batch, Context context) throws IOException, InterruptedException {
    try (batch) {
      if (batch.rows() > 0) {
        files.write(batch, context);
      }
    }
  }

  @Override
  public void flush(boolean endOfInput) throws IOException, InterruptedException {
    files.flush(endOfInput);
  }

  @Override
  public Collection<FileSinkCommittable> prepareCommit() throws IOException {
    return files.prepareCommit();
  }

  @Override
  public List<FileWriterBucketState> snapshotState(long checkpoint) throws IOException {
    return files.snapshotState(checkpoint);
  }

  @Override
  public void close() {
    files.close();
  }
}
