package io.nightshift.connectors.parquet.sink;

import io.nightshift.connectors.arrow.ArrowBatch;
import java.io.IOException;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Writes Arrow batches as Parquet files whose names sort in the order of the batches, for batch
 * jobs: task 0 has the first rows, task 1 those that follow, and so on.
 *
 * <p>The files of a task appear as {@code PREFIX-TASK-NUMBER.parquet} when its input has ended, in
 * place of files of that name. Batches are closed once their rows are written, also when writing
 * fails.
 */
public final class OrderedParquetSink implements Sink<ArrowBatch>, SupportsCommitter<PendingFile> {
  private static final long serialVersionUID = 1;

  private final Path folder;
  private final String prefix;
  private final ParquetFileWriter.Factory format;
  private final long fileBytes;

  /**
   * @param folder that files appear in, on any of Flink's file systems
   * @param prefix of their names
   * @param schema of all batches
   * @param rowGroupBytes about how many bytes a row group has before compression
   * @param fileBytes a file ends with the row group that brings it to this many bytes
   * @throws IllegalArgumentException naming a column that cannot be written as Parquet
   */
  public OrderedParquetSink(
      Path folder,
      String prefix,
      Schema schema,
      CompressionCodecName compression,
      long rowGroupBytes,
      long fileBytes) {
    ParquetTypes.of(schema); // Found here, on the client, what cannot be written.
    this.folder = folder;
    this.prefix = prefix;
    this.format = new ParquetFileWriter.Factory(schema.toJson(), compression, rowGroupBytes, null);
    this.fileBytes = fileBytes;
  }

  @Override
  public CommittingSinkWriter<ArrowBatch, PendingFile> createWriter(WriterInitContext context)
      throws IOException {
    String names = "%s-%05d".formatted(prefix, context.getTaskInfo().getIndexOfThisSubtask());
    return new OrderedFilesWriter(folder, names, format, fileBytes);
  }

  @Override
  public Committer<PendingFile> createCommitter(CommitterInitContext context) throws IOException {
    return new PendingFile.FileCommitter(folder);
  }

  @Override
  public SimpleVersionedSerializer<PendingFile> getCommittableSerializer() {
    return new PendingFile.Serializer();
  }
}
