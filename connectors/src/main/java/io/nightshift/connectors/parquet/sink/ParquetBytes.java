package io.nightshift.connectors.parquet.sink;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Small Parquet files in memory. */
public final class ParquetBytes {
  private ParquetBytes() {}

  /**
   * The bytes of a file with some rows.
   *
   * @param rows all of them; they belong to the caller
   * @param metadata key-value metadata of the footer
   */
  public static byte[] of(VectorSchemaRoot rows, Map<String, String> metadata) throws IOException {
    Buffer buffer = new Buffer();
    ArrowRow row = new ArrowRow();
    try (ParquetWriter<ArrowRow> writer =
        new ArrowWriteSupport.WriterBuilder(
                new FlinkOutputFile(buffer), rows.getSchema(), Map.of(), () -> metadata)
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .build()) {
      for (int index = 0; index < rows.getRowCount(); index++) {
        writer.write(row.at(rows, index));
      }
    }
    return buffer.bytes.toByteArray();
  }

  private static final class Buffer extends FSDataOutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public long getPos() {
      return bytes.size();
    }

    @Override
    public void write(int value) {
      bytes.write(value);
    }

    @Override
    public void write(byte[] values, int offset, int length) {
      bytes.write(values, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void sync() {}

    @Override
    public void close() {}
  }
}
