package io.nightshift.operators.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.connectors.arrow.schema.FieldMetadata;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.Test;

class ColumnsSchemaTest {
  private static final ArrowType UTF8 = ArrowType.Utf8.INSTANCE;

  private static String property(ArrowType type, Field... children) {
    return property(new FieldType(false, type, null), children);
  }

  private static String property(FieldType type, Field... children) {
    ObjectNode schema = ColumnsSchema.of(List.of(new Field("x", type, List.of(children))));
    return schema.at("/properties/x").toString();
  }

  private static FieldType logical(ArrowType type, String name) {
    return new FieldType(true, type, null, Map.of(FieldMetadata.LOGICAL_TYPE, name));
  }

  @Test
  void aRowIsAnObjectOfItsColumns() {
    assertThat(
            ColumnsSchema.of(
                    List.of(
                        Field.notNullable("name", UTF8),
                        Field.nullable("in stock", ArrowType.Bool.INSTANCE)))
                .toString())
        .isEqualTo(
            "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
                + "\"properties\":{\"name\":{\"type\":\"string\"},"
                + "\"in stock\":{\"type\":[\"boolean\",\"null\"]}},"
                + "\"required\":[\"name\",\"in stock\"],\"additionalProperties\":false}");
  }

  @Test
  void numbersHaveTheRangeOfTheirColumn() {
    assertThat(property(new ArrowType.Int(8, true)))
        .isEqualTo("{\"type\":\"integer\",\"minimum\":-128,\"maximum\":127}");
    assertThat(property(new ArrowType.Int(64, true)))
        .isEqualTo(
            "{\"type\":\"integer\",\"minimum\":-9223372036854775808,\"maximum\":9223372036854775807}");
    assertThat(property(new ArrowType.Int(16, false)))
        .isEqualTo("{\"type\":\"integer\",\"minimum\":0,\"maximum\":65535}");
    assertThat(property(new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)))
        .isEqualTo("{\"type\":\"number\"}");
    assertThat(property(new ArrowType.Decimal(5, 2, 128)))
        .isEqualTo(
            "{\"type\":\"number\",\"multipleOf\":0.01,\"minimum\":-999.99,\"maximum\":999.99}");
    assertThat(property(new ArrowType.Decimal(3, 0, 128)))
        .isEqualTo("{\"type\":\"number\",\"multipleOf\":1,\"minimum\":-999,\"maximum\":999}");
  }

  @Test
  void datesAndTimesHaveTheirFormat() {
    assertThat(property(new ArrowType.Date(DateUnit.DAY)))
        .isEqualTo("{\"type\":\"string\",\"format\":\"date\"}");
    assertThat(property(new ArrowType.Time(TimeUnit.MICROSECOND, 64)))
        .isEqualTo("{\"type\":\"string\",\"format\":\"time\"}");
    assertThat(property(new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")))
        .isEqualTo("{\"type\":\"string\",\"format\":\"date-time\"}");
    assertThat(property(logical(new ArrowType.FixedSizeBinary(16), "UUID")))
        .isEqualTo("{\"type\":[\"string\",\"null\"],\"format\":\"uuid\"}");
  }

  @Test
  void nestedColumnsAreNested() {
    Field item = Field.nullable("item", UTF8);
    assertThat(property(ArrowType.List.INSTANCE, item))
        .isEqualTo("{\"type\":\"array\",\"items\":{\"type\":[\"string\",\"null\"]}}");
    assertThat(property(new ArrowType.FixedSizeList(2), item))
        .isEqualTo(
            "{\"type\":\"array\",\"items\":{\"type\":[\"string\",\"null\"]},\"minItems\":2,\"maxItems\":2}");
    assertThat(property(ArrowType.Struct.INSTANCE, Field.notNullable("a", UTF8)))
        .isEqualTo(
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"],\"additionalProperties\":false}");
    assertThat(property(new ArrowType.Map(false), entry(UTF8)))
        .isEqualTo(
            "{\"type\":\"object\",\"additionalProperties\":{\"type\":[\"boolean\",\"null\"]}}");
  }

  @Test
  void anyValueMayStandForJsonAndNothingButNullForAColumnOfNulls() {
    assertThat(property(logical(UTF8, "JSON"))).isEqualTo("{}");
    assertThat(property(logical(UTF8, "ENUM"))).isEqualTo("{\"type\":[\"string\",\"null\"]}");
    assertThat(property(ArrowType.Null.INSTANCE)).isEqualTo("{\"type\":\"null\"}");
  }

  @Test
  void namesAColumnThatJsonHasNoFormFor() {
    Field bytes = Field.nullable("bytes", ArrowType.Binary.INSTANCE);
    assertThatThrownBy(() -> property(ArrowType.Struct.INSTANCE, bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the column x.bytes has the type Binary, which JSON has no form for: name the other columns");
    assertThatThrownBy(() -> property(new ArrowType.Map(false), entry(new ArrowType.Int(32, true))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the column x has the type Map(false), ");
  }

  private static Field entry(ArrowType key) {
    return new Field(
        MapVector.DATA_VECTOR_NAME,
        FieldType.notNullable(ArrowType.Struct.INSTANCE),
        List.of(
            Field.notNullable(MapVector.KEY_NAME, key),
            Field.nullable(MapVector.VALUE_NAME, ArrowType.Bool.INSTANCE)));
  }
}
