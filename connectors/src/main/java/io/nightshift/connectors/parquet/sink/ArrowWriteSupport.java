package io.nightshift.connectors.parquet.sink;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.jspecify.annotations.Nullable;

/** Gives Parquet's writer the schema and the values of each row. */
final class ArrowWriteSupport extends WriteSupport<ArrowRow> {
  private final Schema schema;
  private final Map<String, Integer> listSizes;
  private final FieldWriter[] columns;
  private final Supplier<Map<String, String>> footer;
  private @Nullable RecordConsumer consumer;

  private ArrowWriteSupport(
      Schema schema, Map<String, Integer> listSizes, Supplier<Map<String, String>> footer) {
    this.schema = schema;
    this.listSizes = listSizes;
    this.footer = footer;
    this.columns = FieldWriter.of("", schema.getFields());
  }

  @Override
  public String getName() {
    return "nightshift";
  }

  @Override
  public WriteContext init(Configuration configuration) {
    return context();
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return context();
  }

  private WriteContext context() {
    return new WriteContext(ParquetTypes.of(schema), ArrowSchemaMetadata.of(schema, listSizes));
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    consumer = recordConsumer;
  }

  @Override
  public void write(ArrowRow row) {
    if (consumer == null) {
      throw new IllegalStateException("Rows are written before the writer is prepared");
    }
    consumer.startMessage();
    for (int column = 0; column < columns.length; column++) {
      columns[column].write(row.batch().getVector(column), row.index(), consumer);
    }
    consumer.endMessage();
  }

  @Override
  public FinalizedWriteContext finalizeWrite() {
    return new FinalizedWriteContext(footer.get());
  }

  /** A Parquet writer with this write support. */
  static final class WriterBuilder extends ParquetWriter.Builder<ArrowRow, WriterBuilder> {
    private final Schema schema;
    private final Map<String, Integer> listSizes;
    private final Supplier<Map<String, String>> footer;

    /**
     * @param listSizes as in {@link FileLayout}
     * @param footer key-value metadata, requested after the last row is written
     */
    WriterBuilder(
        OutputFile file,
        Schema schema,
        Map<String, Integer> listSizes,
        Supplier<Map<String, String>> footer) {
      super(file);
      this.schema = schema;
      this.listSizes = listSizes;
      this.footer = footer;
    }

    @Override
    protected WriterBuilder self() {
      return this;
    }

    @Override
    protected ArrowWriteSupport getWriteSupport(Configuration configuration) {
      return new ArrowWriteSupport(schema, listSizes, footer);
    }

    @Override
    protected ArrowWriteSupport getWriteSupport(ParquetConfiguration configuration) {
      return new ArrowWriteSupport(schema, listSizes, footer);
    }
  }
}
