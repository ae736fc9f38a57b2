package io.nightshift.connectors.parquet.sink;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.files.LocalFileNames;
import io.nightshift.connectors.lease.Ownership;
import java.io.IOException;
import java.util.Collection;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.file.sink.FileSinkCommittable;
import org.apache.flink.connector.file.sink.writer.FileWriterBucketState;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Writes Arrow batches as Parquet files, each row exactly once, for streaming and batch jobs.
 *
 * <p>This is Flink's {@link FileSink} with a Parquet writer. Every writer has one file open; with
 * each checkpoint, or at the end of a batch job, the files are completed, and appear in the folder
 * as {@code part-RUN-WRITER-NUMBER.parquet} once the checkpoint is complete. Files of failed
 * attempts never appear: until then they have a hidden name or are incomplete uploads.
 *
 * <p>Batches are closed once their rows are written, even if writing fails. Empty batches are
 * ignored.
 */
public final class ParquetSink
    implements Sink<ArrowBatch>,
        SupportsWriterState<ArrowBatch, FileWriterBucketState>,
        SupportsCommitter<FileSinkCommittable> {
  private static final long serialVersionUID = 1;

  private final FileSink<ArrowBatch> files;
  private final Path folder;
  private final Ownership ownership;

  /**
   * @param folder that the files are written to
   * @param ownership of the folder
   */
  ParquetSink(FileSink<ArrowBatch> files, Path folder, Ownership ownership) {
    this.files = files;
    this.folder = folder;
    this.ownership = ownership;
  }

  public static ParquetSinkBuilder builder() {
    return new ParquetSinkBuilder();
  }

  @Override
  public BatchClosingWriter createWriter(WriterInitContext context) throws IOException {
    LocalFileNames.requireKnown(folder);
    return new BatchClosingWriter(files.createWriter(context), folder);
  }

  @Override
  public BatchClosingWriter restoreWriter(
      WriterInitContext context, Collection<FileWriterBucketState> state) throws IOException {
    LocalFileNames.requireKnown(folder);
    return new BatchClosingWriter(files.restoreWriter(context, state), folder);
  }

  @Override
  public SimpleVersionedSerializer<FileWriterBucketState> getWriterStateSerializer() {
    return files.getWriterStateSerializer();
  }

  @Override
  public Committer<FileSinkCommittable> createCommitter(CommitterInitContext context)
      throws IOException {
    LocalFileNames.requireKnown(folder);
    return new OwnersCommitter<>(files.createCommitter(context), ownership);
  }

  @Override
  public SimpleVersionedSerializer<FileSinkCommittable> getCommittableSerializer() {
    return files.getCommittableSerializer();
  }
}
