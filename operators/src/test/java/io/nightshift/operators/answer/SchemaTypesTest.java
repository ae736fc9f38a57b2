package io.nightshift.operators.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.constraint.schema.JsonSchema;
import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The types that schemas have, as users write them. */
class SchemaTypesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"enum": ["a", "b"]}                                         | string
          {"enum": ["a", 1, null]}                                     | json
          {"const": true}                                              | boolean
          {"type": "string", "format": "date"}                         | string
          {"type": "integer", "minimum": 1, "maximum": 5}              | long
          {"type": ["number", "null"]}                                 | double
          {"type": "integer", "maximum": 100000000000000000000, "minimum": 0} | json
          {"type": "array", "items": {"type": "integer"}}              | list<long or null>
          {"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "string"}} | list<string>
          {"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "boolean"}} | json
          {"type": "array", "items": {"type": "boolean"}, "contains": {"const": true}} | list<boolean>
          {"type": "array"}                                            | json
          {"type": "object"}                                           | json
          {}                                                           | json
          {"type": "object", "additionalProperties": {"type": "string"}} | map<string, string>
          {"type": "object", "patternProperties": {"^x": {"type": "string"}}, "additionalProperties": false} | map<string, string>
          {"type": "object", "properties": {"a": {"type": "string"}}}  | struct<a string or null>
          {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a", "b"]} | struct<a string, b json or null>
          {"anyOf": [{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": false}, {"type": "null"}]} | struct<a string>
          {"oneOf": [{"type": "object", "properties": {"k": {"const": "x"}, "n": {"type": "number"}}, "required": ["k", "n"], "additionalProperties": false}, {"type": "object", "properties": {"k": {"const": "y"}, "s": {"type": "string"}}, "required": ["k", "s"], "additionalProperties": false}]} | struct<k string, n double or null, s string or null>
          {"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "boolean"}}, "required": ["b"]}]} | struct<a string or null, b boolean>
          {"type": "object", "properties": {"v": {"type": "string"}, "next": {"$ref": "#"}}, "required": ["v"], "additionalProperties": false} | struct<v string, next json or null>
          {"$defs": {"t": {"type": "string", "maxLength": 9}}, "type": "array", "items": {"$ref": "#/$defs/t"}} | list<string>
          """)
  void aSchemaHasAType(String schema, String type) {
    assertThat(TypeText.of(AnswerType.of("answer", JsonSchema.compile(schema)))).isEqualTo(type);
  }

  @Test
  void aSchemaOfColumnsHasTheirTypes() {
    ArrowType utf8 = ArrowType.Utf8.INSTANCE;
    Field item = Field.nullable("item", new ArrowType.Int(64, true));
    List<Field> columns =
        List.of(
            Field.notNullable("name", utf8),
            Field.nullable("size", new ArrowType.Int(64, true)),
            Field.notNullable("small", new ArrowType.Int(8, true)),
            Field.notNullable("price", new ArrowType.Decimal(9, 2, 128)),
            Field.nullable("weight", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
            Field.notNullable("since", new ArrowType.Date(DateUnit.DAY)),
            new Field("sizes", FieldType.notNullable(ArrowType.List.INSTANCE), List.of(item)),
            new Field(
                "maker",
                FieldType.nullable(ArrowType.Struct.INSTANCE),
                List.of(Field.nullable("ok", ArrowType.Bool.INSTANCE))));
    String schema = ColumnsSchema.of(columns).toString();
    assertThat(TypeText.of(AnswerType.of("answer", JsonSchema.compile(schema))))
        .isEqualTo(
            "struct<name string, size long or null, small long, price double,"
                + " weight double or null, since string, sizes list<long or null>,"
                + " maker struct<ok boolean or null> or null>");
  }
}
