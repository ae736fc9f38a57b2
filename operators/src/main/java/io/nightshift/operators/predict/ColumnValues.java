package io.nightshift.operators.predict;

import io.nightshift.connectors.arrow.row.ArrowValues;
import io.nightshift.connectors.arrow.row.InvalidUtf8Exception;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.MultisetType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;

/**
 * Values of a type of Flink SQL as plain Java values, for templates: the same that Parquet's
 * columns become, see {@link ArrowValues}.
 */
@FunctionalInterface
interface ColumnValues {
  char REPLACEMENT_CHARACTER = '\uFFFD';

  /**
   * The plain value of Flink's internal one, which is not null.
   *
   * @throws InvalidUtf8Exception if a text in it is not valid UTF-8
   */
  Object of(Object internal) throws InvalidUtf8Exception;

  /**
   * @param column for messages
   * @throws IllegalArgumentException if templates have no values of the type
   */
  static ColumnValues of(String column, LogicalType type) {
    return switch (type.getTypeRoot()) {
      case CHAR, VARCHAR -> value -> text(column, (StringData) value);
      case BOOLEAN, BINARY, VARBINARY -> value -> value;
      case TINYINT, SMALLINT, INTEGER, BIGINT, FLOAT, DOUBLE, DECIMAL ->
          value -> value instanceof DecimalData decimal ? decimal.toBigDecimal() : value;
      case DATE ->
          value ->
              value instanceof TimestampData time
                  ? time.toLocalDateTime().toLocalDate()
                  : LocalDate.ofEpochDay((int) value);
      case TIME_WITHOUT_TIME_ZONE ->
          value ->
              value instanceof TimestampData time
                  ? time.toLocalDateTime().toLocalTime()
                  : LocalTime.ofNanoOfDay(TimeUnit.MILLISECONDS.toNanos((int) value));
      case TIMESTAMP_WITHOUT_TIME_ZONE -> value -> ((TimestampData) value).toLocalDateTime();
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> value -> ((TimestampData) value).toInstant();
      case ARRAY -> list(column, ((ArrayType) type).getElementType());
      case MAP -> map(column, ((MapType) type).getKeyType(), ((MapType) type).getValueType());
      case MULTISET -> map(column, ((MultisetType) type).getElementType(), new IntType());
      case ROW -> struct(column, (RowType) type);
      default ->
          throw new IllegalArgumentException(
              "the input column %s is %s, which templates have no values for: cast it to STRING"
                  .formatted(column, type.asSummaryString()));
    };
  }

  private static String text(String column, StringData value) throws InvalidUtf8Exception {
    String text = value.toString();
    // What is not UTF-8 becomes a replacement character; one may also stand for itself.
    return text.indexOf(REPLACEMENT_CHARACTER) < 0
        ? text
        : ArrowValues.text(column, value.toBytes());
  }

  private static ColumnValues list(String column, LogicalType elementType) {
    ArrayData.ElementGetter getter = ArrayData.createElementGetter(elementType);
    ColumnValues elements = of(column, elementType);
    return value -> list((ArrayData) value, getter, elements);
  }

  private static List<@Nullable Object> list(
      ArrayData array, ArrayData.ElementGetter getter, ColumnValues elements)
      throws InvalidUtf8Exception {
    List<@Nullable Object> list = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      Object element = getter.getElementOrNull(array, i);
      list.add(element == null ? null : elements.of(element));
    }
    return list;
  }

  private static ColumnValues map(String column, LogicalType keyType, LogicalType valueType) {
    ArrayData.ElementGetter keyGetter = ArrayData.createElementGetter(keyType);
    ArrayData.ElementGetter valueGetter = ArrayData.createElementGetter(valueType);
    ColumnValues keys = of(column, keyType);
    ColumnValues values = of(column, valueType);
    return value -> {
      MapData data = (MapData) value;
      List<@Nullable Object> keyList = list(data.keyArray(), keyGetter, keys);
      List<@Nullable Object> valueList = list(data.valueArray(), valueGetter, values);
      Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
      for (int i = 0; i < keyList.size(); i++) {
        map.put(keyList.get(i), valueList.get(i));
      }
      return map;
    };
  }

  private static ColumnValues struct(String column, RowType type) {
    InputColumns.Reader fields =
        new InputColumns(type.getFieldNames(), type.getChildren()).reader(column + ".");
    return value -> fields.read((RowData) value);
  }
}
