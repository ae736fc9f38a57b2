package io.nightshift.connectors.units;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The columns of work units: in files those of the sort key and those of the {@link
 * WorkUnitFormat}, in the batches that a {@link WorkUnitReader} gives the complete key, those of
 * the format, and two that locate a row.
 */
public final class WorkUnitSchema {
  /** File of the unit, as the plan names it; in batches only. */
  public static final String UNIT_FILE = "unit_file";

  /** Number of the row in the unit, from 0; in batches only. */
  public static final String UNIT_ROW = "unit_row";

  private static final ArrowType INT32 = new ArrowType.Int(32, true);

  private WorkUnitSchema() {}

  /** The schema of a unit's file. */
  static Schema ofFile(WorkUnitFormat<?> format) {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.notNullable(format.keyNames().sharedColumn(), INT32));
    fields.add(key(format.keyNames().column()));
    fields.addAll(format.fields());
    return new Schema(fields);
  }

  private static Field key(String name) {
    Field element = new Field(ListVector.DATA_VECTOR_NAME, FieldType.notNullable(INT32), null);
    return new Field(name, FieldType.notNullable(ArrowType.List.INSTANCE), List.of(element));
  }
}
