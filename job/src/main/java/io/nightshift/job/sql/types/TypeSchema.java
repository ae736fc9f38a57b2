package io.nightshift.job.sql.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.CharType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.TimeType;
import org.apache.flink.table.types.logical.TimestampType;
import org.apache.flink.table.types.logical.VarCharType;
import org.jspecify.annotations.Nullable;

/** The JSON schema of the values of a type, all of which the type can hold. */
final class TypeSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.withExactBigDecimals(true);

  /** Flink keeps the time of day in milliseconds, whatever the type's precision. */
  private static final int MAX_TIME_PRECISION = 3;

  /** The offsets of {@code TIMESTAMP_LTZ}, up to 14:59 hours. */
  private static final String OFFSET = "(Z|[+-](0\\d|1[0-4]):[0-5]\\d)";

  private TypeSchema() {}

  /**
   * The schema of a column or a field.
   *
   * @param path of the column or field, for messages
   * @param comment what it holds; null without one
   * @param choices its only values, or those of an array's items; empty for all values of the type
   */
  static ObjectNode of(
      String path, LogicalType type, @Nullable String comment, List<String> choices) {
    ObjectNode schema = choices.isEmpty() ? of(path, type) : ofChoices(path, type, choices);
    return comment == null ? schema : schema.put("description", comment);
  }

  private static ObjectNode ofChoices(String path, LogicalType type, List<String> choices) {
    if (type instanceof ArrayType array) {
      return array(ofChoices(path, array.getElementType(), choices));
    }
    return JSON.objectNode().set("enum", new ChoiceValues(path, type).of(choices));
  }

  private static ObjectNode of(String path, LogicalType type) {
    ObjectNode schema = ofValues(path, type);
    return type.isNullable()
        ? schema.set("type", JSON.arrayNode().add(schema.get("type")).add("null"))
        : schema;
  }

  private static ObjectNode ofValues(String path, LogicalType type) {
    return switch (type.getTypeRoot()) {
      case BOOLEAN -> type("boolean");
      case CHAR ->
          text(((CharType) type).getLength()).put("minLength", ((CharType) type).getLength());
      case VARCHAR -> text(((VarCharType) type).getLength());
      case TINYINT -> integer(Byte.SIZE);
      case SMALLINT -> integer(Short.SIZE);
      case INTEGER -> integer(Integer.SIZE);
      case BIGINT -> integer(Long.SIZE);
      case FLOAT -> number(new BigDecimal(Float.toString(Float.MAX_VALUE)));
      case DOUBLE -> number(new BigDecimal(Double.toString(Double.MAX_VALUE)));
      case DECIMAL -> decimal((DecimalType) type);
      case DATE -> type("string").put("format", "date");
      case TIME_WITHOUT_TIME_ZONE -> time(((TimeType) type).getPrecision());
      case TIMESTAMP_WITHOUT_TIME_ZONE -> timestamp(((TimestampType) type).getPrecision(), "Z");
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          timestamp(((LocalZonedTimestampType) type).getPrecision(), OFFSET);
      case ARRAY -> array(of(path, ((ArrayType) type).getElementType()));
      case MAP -> map(path, (MapType) type);
      case ROW -> row(path, (RowType) type);
      default -> throw UnsupportedTypes.refusal(path, type);
    };
  }

  private static ObjectNode type(String type) {
    return JSON.objectNode().put("type", type);
  }

  private static ObjectNode text(int maxLength) {
    ObjectNode schema = type("string");
    return maxLength == VarCharType.MAX_LENGTH ? schema : schema.put("maxLength", maxLength);
  }

  private static ObjectNode integer(int bits) {
    BigInteger values = BigInteger.ONE.shiftLeft(bits - 1);
    return type("integer")
        .put("minimum", values.negate())
        .put("maximum", values.subtract(BigInteger.ONE));
  }

  private static ObjectNode number(BigDecimal maximum) {
    return type("number").put("minimum", maximum.negate()).put("maximum", maximum);
  }

  private static ObjectNode decimal(DecimalType type) {
    BigInteger digits = BigInteger.TEN.pow(type.getPrecision()).subtract(BigInteger.ONE);
    ObjectNode schema = number(new BigDecimal(digits, type.getScale()));
    return type.getScale() == 0
        ? schema.put("type", "integer")
        : schema.put("multipleOf", BigDecimal.ONE.movePointLeft(type.getScale()));
  }

  private static ObjectNode time(int precision) {
    String pattern =
        "^([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d" + fraction(Math.min(precision, MAX_TIME_PRECISION));
    return type("string").put("pattern", pattern + "$");
  }

  /** The pattern leaves leap seconds out, which Flink has no form for. */
  private static ObjectNode timestamp(int precision, String offset) {
    return type("string")
        .put("format", "date-time")
        .put("pattern", "T.{5}:[0-5]\\d" + fraction(precision) + offset + "$");
  }

  private static String fraction(int precision) {
    return precision == 0 ? "" : "(\\.\\d{1," + precision + "})?";
  }

  private static ObjectNode array(JsonNode items) {
    return type("array").set("items", items);
  }

  private static ObjectNode map(String path, MapType map) {
    if (!map.getKeyType().is(LogicalTypeFamily.CHARACTER_STRING)) {
      throw UnsupportedTypes.refusal(path, map);
    }
    ObjectNode schema = type("object");
    ObjectNode names = of(path, map.getKeyType().copy(false));
    if (names.size() > 1) {
      schema.set("propertyNames", names);
    }
    return schema.set("additionalProperties", of(path, map.getValueType()));
  }

  private static ObjectNode row(String path, RowType row) {
    Map<String, ObjectNode> properties = new LinkedHashMap<>();
    for (RowType.RowField field : row.getFields()) {
      String name = field.getName();
      CommentedChoices comment = CommentedChoices.in(field.getDescription().orElse(null));
      properties.put(
          name, of(path + "." + name, field.getType(), comment.comment(), comment.choices()));
    }
    return object(properties);
  }

  /** The schema of objects that have these properties and no others. */
  static ObjectNode object(Map<String, ObjectNode> properties) {
    ObjectNode schema = type("object");
    schema.putObject("properties").setAll(properties);
    properties.keySet().forEach(schema.putArray("required")::add);
    return schema.put("additionalProperties", false);
  }
}
