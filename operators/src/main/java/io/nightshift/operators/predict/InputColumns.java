package io.nightshift.operators.predict;

import io.nightshift.connectors.arrow.row.InvalidUtf8Exception;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.jspecify.annotations.Nullable;

/**
 * The input columns of a model, which are the variables of its templates.
 *
 * @param names of the columns, in the order of the rows
 * @param types of the columns
 */
public record InputColumns(List<String> names, List<LogicalType> types) implements Serializable {

  /**
   * @throws IllegalArgumentException naming a column whose type templates have no values for
   */
  public InputColumns {
    names = List.copyOf(names);
    types = List.copyOf(types);
    for (int i = 0; i < names.size(); i++) {
      ColumnValues.of(names.get(i), types.get(i));
    }
  }

  /**
   * Reads rows.
   *
   * @param prefix of the columns' names, for messages
   */
  Reader reader(String prefix) {
    return new Reader(this, prefix);
  }

  /** Reads the values of rows. */
  static final class Reader {
    private final List<String> names;
    private final List<RowData.FieldGetter> getters = new ArrayList<>();
    private final List<ColumnValues> values = new ArrayList<>();

    private Reader(InputColumns columns, String prefix) {
      names = columns.names();
      for (int i = 0; i < names.size(); i++) {
        LogicalType type = columns.types().get(i);
        getters.add(RowData.createFieldGetter(type, i));
        values.add(ColumnValues.of(prefix + names.get(i), type));
      }
    }

    /**
     * The values of a row by the names of its columns.
     *
     * @throws InvalidUtf8Exception if a text in it is not valid UTF-8
     */
    Map<String, @Nullable Object> read(RowData row) throws InvalidUtf8Exception {
      Map<String, @Nullable Object> read = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        // Flink does not cast a value of a narrower type to that of the model's column.
        Object value =
            row instanceof GenericRowData given
                ? given.getField(i)
                : getters.get(i).getFieldOrNull(row);
        read.put(names.get(i), value == null ? null : values.get(i).of(value));
      }
      return read;
    }
  }
}
