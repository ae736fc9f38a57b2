package io.nightshift.connectors.parquet.sink;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.parquet.decode.BatchReader;
import io.nightshift.connectors.parquet.file.ParquetFile;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.SplitPosition;
import java.io.IOException;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Writes and reads single files without a job. */
public final class ParquetFiles {
  private ParquetFiles() {}

  public static void write(
      Path path, Schema schema, CompressionCodecName compression, VectorSchemaRoot... batches)
      throws IOException {
    write(path, schema, compression, ParquetSinkBuilder.DEFAULT_ROW_GROUP_BYTES, batches);
  }

  public static void write(
      Path path,
      Schema schema,
      CompressionCodecName compression,
      long rowGroupBytes,
      VectorSchemaRoot... batches)
      throws IOException {
    FileSystem fileSystem = path.getFileSystem();
    try (FSDataOutputStream out = fileSystem.create(path, FileSystem.WriteMode.NO_OVERWRITE)) {
      ParquetFileWriter writer =
          new ParquetFileWriter.Factory(
                  schema.toJson(), new FileLayout(compression, rowGroupBytes), null)
              .create(out);
      for (VectorSchemaRoot batch : batches) {
        writer.addElement(new ArrowBatch(batch));
      }
      writer.finish();
    }
  }

  /** The first {@code rows} rows of a file, by this project's own source. */
  public static ArrowBatch read(Path path, int rows, BufferAllocator allocator) throws IOException {
    InputColumns columns = ParquetInputs.inspect(path.toString()).select();
    BatchLayout layout = new BatchLayout(columns.columns(), columns.schema(), rows, Long.MAX_VALUE);
    ParquetFile file = ParquetFile.open(path, path.getFileSystem().getFileStatus(path).getLen());
    int rowGroups = file.rowGroups().size();
    try (BatchReader reader =
        new BatchReader(file, layout, Map.of(), new SplitPosition(0, 0), rowGroups, allocator)) {
      ArrowBatch batch = reader.next();
      if (batch == null) {
        throw new IOException(path + " has no rows");
      }
      return batch;
    }
  }
}
