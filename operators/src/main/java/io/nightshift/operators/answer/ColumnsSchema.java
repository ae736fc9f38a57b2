package io.nightshift.operators.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.connectors.arrow.schema.FieldMetadata;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A JSON Schema (2020-12) of objects with a property for each of some columns. Answers under it
 * have the columns' types as far as {@link AnswerType} has them: every property is required, and
 * one whose column may be null may be null as well.
 */
public final class ColumnsSchema {
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final JsonNodeFactory JSON = JsonNodeFactory.withExactBigDecimals(true);

  private ColumnsSchema() {}

  /**
   * The schema of rows.
   *
   * @throws IllegalArgumentException naming a column of a type that JSON has no form for
   */
  public static ObjectNode of(List<Field> columns) {
    ObjectNode schema = JSON.objectNode().put("$schema", DIALECT);
    return schema.setAll(object("", columns));
  }

  private static ObjectNode object(String parent, List<Field> fields) {
    ObjectNode object = type("object");
    ObjectNode properties = object.putObject("properties");
    ArrayNode required = object.putArray("required");
    for (Field field : fields) {
      properties.set(field.getName(), schema(parent + field.getName(), field));
      required.add(field.getName());
    }
    return object.put("additionalProperties", false);
  }

  private static ObjectNode schema(String path, Field field) {
    ObjectNode schema = valueSchema(path, field);
    JsonNode type = schema.get("type");
    if (field.isNullable() && type != null && !type.asText().equals("null")) {
      schema.set("type", JSON.arrayNode().add(type).add("null"));
    }
    return schema;
  }

  private static ObjectNode valueSchema(String path, Field field) {
    String logical = field.getMetadata().getOrDefault(FieldMetadata.LOGICAL_TYPE, "");
    return switch (field.getType().getTypeID()) {
      case Null -> type("null");
      case Bool -> type("boolean");
      case Int -> integer((ArrowType.Int) field.getType());
      case FloatingPoint -> type("number");
      case Decimal -> decimal((ArrowType.Decimal) field.getType());
      case Utf8, LargeUtf8 -> logical.equals("JSON") ? JSON.objectNode() : type("string");
      case Date -> format("date");
      case Time -> format("time");
      case Timestamp -> format("date-time");
      case FixedSizeBinary -> {
        if (!logical.equals("UUID")) {
          throw unsupported(path, field);
        }
        yield format("uuid");
      }
      case List, LargeList -> array(path, field);
      case FixedSizeList -> {
        int size = ((ArrowType.FixedSizeList) field.getType()).getListSize();
        yield array(path, field).put("minItems", size).put("maxItems", size);
      }
      case Struct -> object(path + ".", field.getChildren());
      case Map -> map(path, field);
      default -> throw unsupported(path, field);
    };
  }

  private static ObjectNode type(String type) {
    return JSON.objectNode().put("type", type);
  }

  private static ObjectNode format(String format) {
    return type("string").put("format", format);
  }

  private static ObjectNode integer(ArrowType.Int type) {
    BigInteger values = BigInteger.ONE.shiftLeft(type.getBitWidth());
    BigInteger minimum = type.getIsSigned() ? values.shiftRight(1).negate() : BigInteger.ZERO;
    return type("integer")
        .put("minimum", minimum)
        .put("maximum", minimum.add(values).subtract(BigInteger.ONE));
  }

  private static ObjectNode decimal(ArrowType.Decimal type) {
    BigInteger digits = BigInteger.TEN.pow(type.getPrecision()).subtract(BigInteger.ONE);
    BigDecimal maximum = new BigDecimal(digits, type.getScale());
    return type("number")
        .put("multipleOf", BigDecimal.ONE.movePointLeft(type.getScale()))
        .put("minimum", maximum.negate())
        .put("maximum", maximum);
  }

  private static ObjectNode array(String path, Field list) {
    ObjectNode array = type("array");
    array.set("items", schema(path, list.getChildren().get(0)));
    return array;
  }

  private static ObjectNode map(String path, Field map) {
    List<Field> entry = map.getChildren().get(0).getChildren();
    if (!(entry.get(0).getType() instanceof ArrowType.Utf8)) {
      throw unsupported(path, map);
    }
    ObjectNode object = type("object");
    object.set("additionalProperties", schema(path, entry.get(1)));
    return object;
  }

  private static IllegalArgumentException unsupported(String path, Field field) {
    return new IllegalArgumentException(
        "the column %s has the type %s, which JSON has no form for: name the other columns"
            .formatted(path, field.getType()));
  }
}
