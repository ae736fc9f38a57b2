package io.nightshift.connectors.parquet.sink;

import io.nightshift.connectors.arrow.ArrowBatch;
import java.io.IOException;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Writes the batches of one file. Leaves them open: {@link BatchClosingWriter} closes them. */
final class ParquetFileWriter implements BulkWriter<ArrowBatch> {
  private final Schema schema;
  private final ParquetWriter<ArrowRow> rows;
  private final ArrowRow row = new ArrowRow();

  private ParquetFileWriter(Schema schema, ParquetWriter<ArrowRow> rows) {
    this.schema = schema;
    this.rows = rows;
  }

  @Override
  public void addElement(ArrowBatch batch) throws IOException {
    SchemaMatch.require(schema, batch.root().getSchema());
    for (int index = 0; index < batch.rows(); index++) {
      rows.write(row.at(batch.root(), index));
    }
  }

  /** Row groups are written when they are full, and a file is complete only when it is closed. */
  @Override
  public void flush() {}

  @Override
  public void finish() throws IOException {
    rows.close();
  }

  /**
   * @param schemaJson the schema as Arrow's JSON, since Arrow's schemas do not serialize
   */
  record Factory(String schemaJson, CompressionCodecName compression, long rowGroupBytes)
      implements BulkWriter.Factory<ArrowBatch> {
    @Override
    public ParquetFileWriter create(FSDataOutputStream out) throws IOException {
      Schema schema = Schema.fromJSON(schemaJson);
      ParquetWriter<ArrowRow> rows =
          new ArrowWriteSupport.WriterBuilder(new FlinkOutputFile(out), schema)
              .withConf(new PlainParquetConfiguration())
              .withCompressionCodec(compression)
              .withRowGroupSize(rowGroupBytes)
              .build();
      return new ParquetFileWriter(schema, rows);
    }
  }
}
