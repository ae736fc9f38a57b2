package io.nightshift.connectors.parquet.sink;

import io.nightshift.connectors.files.FullDiskException;
import io.nightshift.connectors.lease.Ownership;
import java.io.IOException;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.apache.flink.util.IOUtils;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;

/** Builds a {@link ParquetSink}; {@code path} and {@code schema} are required. */
public final class ParquetSinkBuilder {
  static final long DEFAULT_ROW_GROUP_BYTES = 64L << 20;

  private @Nullable Path folder;
  private @Nullable Schema schema;
  private CompressionCodecName compression = CompressionCodecName.ZSTD;
  private long rowGroupBytes = DEFAULT_ROW_GROUP_BYTES;
  private @Nullable RowRecord record;
  private Ownership ownership = Ownership.UNDISPUTED;

  ParquetSinkBuilder() {}

  /** The folder that files appear in, on any of Flink's file systems. */
  public ParquetSinkBuilder path(Path outputFolder) {
    folder = outputFolder;
    return this;
  }

  /** The schema of the files and of all batches. */
  public ParquetSinkBuilder schema(Schema batchSchema) {
    schema = batchSchema;
    return this;
  }

  /** Compression of pages. Default: zstd. */
  public ParquetSinkBuilder compression(CompressionCodecName codec) {
    compression = codec;
    return this;
  }

  /**
   * Approximate size of a row group in bytes; every writer holds one in memory. Default: 64 MiB.
   */
  public ParquetSinkBuilder rowGroupSize(long bytes) {
    rowGroupBytes = bytes;
    return this;
  }

  /**
   * Declares that batches have two more columns, which are not written: the footers of the files
   * record the rows as {@link io.nightshift.connectors.parquet.output.WrittenRows}.
   *
   * @param groupColumn UTF-8, not null
   * @param rowColumn number of the row in the group: 64-bit integers that fit 31 bits, not null
   */
  public ParquetSinkBuilder recordRows(String groupColumn, String rowColumn) {
    record = new RowRecord(groupColumn, rowColumn);
    return this;
  }

  /**
   * Ownership of the folder, checked before files are committed. Default: nobody else writes to it.
   */
  public ParquetSinkBuilder ownership(Ownership folderOwnership) {
    ownership = folderOwnership;
    return this;
  }

  /**
   * Builds the sink.
   *
   * @throws IllegalArgumentException naming a column that cannot be written as Parquet
   * @throws IllegalStateException if path or schema are missing
   */
  public ParquetSink build() {
    ParquetFileWriter.Factory format = format();
    return new ParquetSink(
        FileSink.forBulkFormat(requiredFolder(), format)
            .withBucketAssigner(new BasePathBucketAssigner<>())
            .withRollingPolicy(OnCheckpointRollingPolicy.build())
            .withOutputFileConfig(
                OutputFileConfig.builder()
                    .withPartPrefix(OutputNames.prefix(ownership.runId()))
                    .withPartSuffix(".parquet")
                    .build())
            .build(),
        requiredFolder(),
        ownership);
  }

  /**
   * Writes a file without rows in the sink's format. It appears immediately.
   *
   * @param name of the file in the folder
   * @throws IllegalArgumentException naming a column that cannot be written as Parquet
   */
  public void writeEmptyFile(String name) throws IOException {
    ParquetFileWriter.Factory format = format();
    Path file = new Path(requiredFolder(), name);
    ownership.requireHeld();
    RecoverableFsDataOutputStream out = file.getFileSystem().createRecoverableWriter().open(file);
    try {
      format.create(out).finish();
      out.closeForCommit().commit();
    } catch (IOException e) {
      IOUtils.closeQuietly(out);
      throw FullDiskException.explain(file, e);
    }
  }

  private Path requiredFolder() {
    if (folder == null) {
      throw new IllegalStateException("A Parquet sink needs a path");
    }
    return folder;
  }

  private ParquetFileWriter.Factory format() {
    if (schema == null) {
      throw new IllegalStateException("A Parquet sink needs a schema");
    }
    ParquetTypes.of(schema); // Fails on the client if a column cannot be written.
    return new ParquetFileWriter.Factory(
        schema.toJson(), new FileLayout(compression, rowGroupBytes), record);
  }
}
