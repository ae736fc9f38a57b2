package io.nightshift.connectors.parquet.sink;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.parquet.io.api.RecordConsumer;

/** Writes a field of a record or of a group: its value, or nothing if it is null. */
final class FieldWriter {
  private final String path;
  private final String name;
  private final int index;
  private final boolean nullable;
  private final RecordValueWriter value;

  private FieldWriter(
      String path, String name, int index, boolean nullable, RecordValueWriter value) {
    this.path = path;
    this.name = name;
    this.index = index;
    this.nullable = nullable;
    this.value = value;
  }

  /**
   * @param parent the dotted path of the group that the fields are in; empty for columns
   */
  static FieldWriter[] of(String parent, List<Field> fields) {
    FieldWriter[] writers = new FieldWriter[fields.size()];
    for (int index = 0; index < writers.length; index++) {
      writers[index] = of(parent, fields.get(index).getName(), index, fields.get(index));
    }
    return writers;
  }

  /** A writer of {@code field} under another name, which Parquet prescribes. */
  static FieldWriter of(String parent, String name, int index, Field field) {
    String path = parent.isEmpty() ? name : parent + "." + name;
    return new FieldWriter(
        path, name, index, ParquetTypes.isNullable(field), RecordValueWriters.of(path, field));
  }

  void write(FieldVector vector, int row, RecordConsumer out) {
    if (!vector.isNull(row)) {
      out.startField(name, index);
      value.write(vector, row, out);
      out.endField(name, index);
    } else if (!nullable) {
      throw new IllegalArgumentException(
          "Column '%s' is null in row %s of a batch, but its schema allows no nulls"
              .formatted(path, row));
    }
  }
}
