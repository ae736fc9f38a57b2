package io.nightshift.connectors.parquet.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.parquet.output.WrittenRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Two columns that batches have after those that are written. They are recorded in the footer as
 * {@link WrittenRows} instead.
 *
 * @param groupColumn UTF-8, not null
 * @param rowColumn 64-bit integers that fit 31 bits, not null
 */
record RowRecord(String groupColumn, String rowColumn) implements Serializable {

  /** The schema of batches, given the schema of the file. */
  Schema batchSchema(Schema written) {
    List<Field> fields = new ArrayList<>(written.getFields());
    fields.add(Field.notNullable(groupColumn, ArrowType.Utf8.INSTANCE));
    fields.add(Field.notNullable(rowColumn, new ArrowType.Int(64, true)));
    return new Schema(fields);
  }

  void add(VectorSchemaRoot batch, int index, WrittenRows rows) {
    String group = new String(((VarCharVector) batch.getVector(groupColumn)).get(index), UTF_8);
    long row = ((BigIntVector) batch.getVector(rowColumn)).get(index);
    rows.add(group, Math.toIntExact(row));
  }
}
