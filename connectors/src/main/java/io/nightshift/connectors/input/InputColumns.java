package io.nightshift.connectors.input;

import io.nightshift.connectors.arrow.schema.NullableFields;
import io.nightshift.connectors.source.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Columns of an input, with one type each for all of its files. Created by {@link
 * InputFiles#select}.
 *
 * @param columns origin of each column
 * @param schema one field for each column
 */
public record InputColumns(List<OutputColumn> columns, Schema schema) {
  public InputColumns {
    columns = List.copyOf(columns);
  }

  /**
   * These columns, followed by those of {@link RowOrigin}. All are nullable, because values that
   * cannot be read are null.
   */
  public InputColumns withRowOrigin() {
    List<OutputColumn> longer = new ArrayList<>(columns);
    List<Field> fields = new ArrayList<>(NullableFields.of(schema).getFields());
    for (OutputColumn origin : RowOrigin.columns(schema)) {
      longer.add(origin);
      fields.add(RowOrigin.field(origin));
    }
    return new InputColumns(longer, new Schema(fields));
  }
}
