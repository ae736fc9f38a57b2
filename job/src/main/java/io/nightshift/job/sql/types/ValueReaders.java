package io.nightshift.job.sql.types;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.END_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;

import com.fasterxml.jackson.core.JsonParser;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;

/** How the values of each type are read. */
final class ValueReaders {
  private ValueReaders() {}

  /** Reads values of a type of {@link TypeSchema}, and null. */
  static ValueReader of(LogicalType type) {
    ValueReader values = ofValues(type);
    return parser -> parser.currentToken() == VALUE_NULL ? null : values.read(parser);
  }

  private static ValueReader ofValues(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case BOOLEAN -> JsonParser::getBooleanValue;
      case CHAR, VARCHAR -> parser -> StringData.fromString(parser.getText());
      case TINYINT -> parser -> (byte) parser.getIntValue();
      case SMALLINT -> parser -> (short) parser.getIntValue();
      case INTEGER -> JsonParser::getIntValue;
      case BIGINT -> JsonParser::getLongValue;
      case FLOAT -> parser -> Float.parseFloat(parser.getText());
      case DOUBLE -> parser -> Double.parseDouble(parser.getText());
      case DECIMAL -> decimal((DecimalType) type);
      case DATE -> parser -> (int) LocalDate.parse(parser.getText()).toEpochDay();
      case TIME_WITHOUT_TIME_ZONE -> parser -> milliseconds(LocalTime.parse(parser.getText()));
      case TIMESTAMP_WITHOUT_TIME_ZONE -> parser -> timestamp(parser.getText());
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          parser -> TimestampData.fromInstant(OffsetDateTime.parse(parser.getText()).toInstant());
      case ARRAY -> array((ArrayType) type);
      case MAP -> map((MapType) type);
      case ROW -> new RowReader((RowType) type);
      default -> throw new IllegalArgumentException("a type without a schema: " + type);
    };
  }

  private static ValueReader decimal(DecimalType type) {
    return parser ->
        DecimalData.fromBigDecimal(parser.getDecimalValue(), type.getPrecision(), type.getScale());
  }

  private static int milliseconds(LocalTime time) {
    return (int) TimeUnit.NANOSECONDS.toMillis(time.toNanoOfDay());
  }

  /** The wall clock's time: the schema has Z after it, which is no part of the value. */
  private static TimestampData timestamp(String text) {
    return TimestampData.fromLocalDateTime(
        LocalDateTime.parse(text.substring(0, text.length() - 1)));
  }

  private static ValueReader array(ArrayType type) {
    ValueReader items = of(type.getElementType());
    return parser -> {
      List<@Nullable Object> array = new ArrayList<>();
      while (parser.nextToken() != END_ARRAY) {
        array.add(items.read(parser));
      }
      return new GenericArrayData(array.toArray());
    };
  }

  private static ValueReader map(MapType type) {
    ValueReader values = of(type.getValueType());
    return parser -> {
      Map<StringData, @Nullable Object> map = new LinkedHashMap<>();
      while (parser.nextToken() != END_OBJECT) {
        StringData key = StringData.fromString(parser.currentName());
        parser.nextToken();
        map.put(key, values.read(parser));
      }
      return new GenericMapData(map);
    };
  }
}
