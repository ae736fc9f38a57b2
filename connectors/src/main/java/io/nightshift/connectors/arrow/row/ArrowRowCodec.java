package io.nightshift.connectors.arrow.row;

import java.util.Arrays;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Turns one row of an Arrow batch into bytes, and writes those bytes as a row of another batch of
 * the same schema.
 *
 * <p>Flink sorts records one by one; rows therefore leave their batch while they are sorted. The
 * bytes hold the values as Arrow lays them out, in the order of the schema, each group of values
 * after a header that tells which of them are null ({@link CellCodec}). They can be read only
 * together with the schema, do not sort by value, and are not a storage format.
 *
 * <p>All types that Parquet files can have are supported, at any depth of structs, lists and maps.
 * The constructor rejects views, unions, extension types, and run-end or dictionary encoded
 * columns. Not thread-safe.
 */
public final class ArrowRowCodec {
  private final Schema schema;
  private final CellCodec[] columns;
  private final RowOutput output = new RowOutput();
  private final RowInput input = new RowInput();

  /**
   * @throws IllegalArgumentException if a column's type is not supported; the message names it
   */
  public ArrowRowCodec(Schema schema) {
    this.schema = schema;
    this.columns = CellCodec.of(schema.getFields());
  }

  /** The schema of the batches that rows come from and go to. */
  public Schema schema() {
    return schema;
  }

  /**
   * The bytes of row {@code row} of {@code batch}, whose columns have the types of this codec's
   * schema, or such as {@link io.nightshift.connectors.arrow.schema.FieldMerge} widens to them.
   *
   * @throws IllegalArgumentException if a column has another type, or the row more than 2 GiB
   */
  public byte[] encode(VectorSchemaRoot batch, int row) {
    output.clear();
    for (int column = 0; column < columns.length; column++) {
      columns[column].write(batch.getVector(column), row, 1, output);
    }
    return output.toByteArray();
  }

  /**
   * Writes a row into {@code batch}, whose vectors grow as needed. Rows are written in ascending
   * order; the caller sets the batch's row count after the last one.
   *
   * @throws IllegalArgumentException if {@code bytes} is not a row of this schema
   */
  public void decode(byte[] bytes, VectorSchemaRoot batch, int row) {
    input.reset(bytes);
    for (int column = 0; column < columns.length; column++) {
      columns[column].read(input, batch.getVector(column), row, 1);
    }
    if (input.remaining() != 0) {
      throw new IllegalArgumentException(
          "A row of %s bytes has %s bytes left after its last column: it was not encoded with the schema %s"
              .formatted(bytes.length, input.remaining(), schema));
    }
  }

  @Override
  public String toString() {
    return "ArrowRowCodec" + Arrays.toString(schema.getFields().toArray());
  }
}
