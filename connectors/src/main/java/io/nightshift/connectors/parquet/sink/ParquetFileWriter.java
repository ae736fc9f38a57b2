package io.nightshift.connectors.parquet.sink;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.parquet.output.WrittenRows;
import io.nightshift.connectors.version.BuildVersion;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.jspecify.annotations.Nullable;

/** Writes the batches of one file. {@link BatchClosingWriter} closes them. */
public final class ParquetFileWriter implements BulkWriter<ArrowBatch> {
  private final Schema batchSchema;
  private final ParquetWriter<ArrowRow> rows;
  private final @Nullable RowRecord record;
  private final WrittenRows written;
  private final ArrowRow row = new ArrowRow();

  private ParquetFileWriter(
      Schema batchSchema,
      ParquetWriter<ArrowRow> rows,
      @Nullable RowRecord record,
      WrittenRows written) {
    this.batchSchema = batchSchema;
    this.rows = rows;
    this.record = record;
    this.written = written;
  }

  /**
   * @param out output of the file; not closed
   * @param schema of the batches
   * @param written rows that the footer records when the file is finished
   */
  public static ParquetFileWriter create(
      FSDataOutputStream out, Schema schema, FileLayout layout, WrittenRows written)
      throws IOException {
    ParquetWriter<ArrowRow> rows = writer(out, schema, layout, () -> footer(written));
    return new ParquetFileWriter(schema, rows, null, written);
  }

  private static Map<String, String> footer(WrittenRows written) {
    return Map.of(
        BuildVersion.FOOTER_KEY, BuildVersion.get(), WrittenRows.FOOTER_KEY, written.toFooter());
  }

  private static ParquetWriter<ArrowRow> writer(
      FSDataOutputStream out,
      Schema schema,
      FileLayout layout,
      Supplier<Map<String, String>> footer)
      throws IOException {
    return new ArrowWriteSupport.WriterBuilder(
            new FlinkOutputFile(out), schema, layout.listSizes(), footer)
        .withConf(new PlainParquetConfiguration())
        .withCompressionCodec(layout.compression())
        .withRowGroupSize(layout.rowGroupBytes())
        .build();
  }

  @Override
  public void addElement(ArrowBatch batch) throws IOException {
    SchemaMatch.require(batchSchema, batch.root().getSchema());
    for (int index = 0; index < batch.rows(); index++) {
      rows.write(row.at(batch.root(), index));
      if (record != null) {
        record.add(batch.root(), index, written);
      }
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
   * @param record additional columns of batches, which are recorded in the footer; null if there
   *     are none
   */
  record Factory(String schemaJson, FileLayout layout, @Nullable RowRecord record)
      implements BulkWriter.Factory<ArrowBatch> {
    @Override
    public ParquetFileWriter create(FSDataOutputStream out) throws IOException {
      Schema schema = Schema.fromJSON(schemaJson);
      WrittenRows written = new WrittenRows();
      ParquetWriter<ArrowRow> rows =
          writer(
              out,
              schema,
              layout,
              () ->
                  record == null
                      ? Map.of(BuildVersion.FOOTER_KEY, BuildVersion.get())
                      : footer(written));
      Schema batchSchema = record == null ? schema : record.batchSchema(schema);
      return new ParquetFileWriter(batchSchema, rows, record, written);
    }
  }
}
