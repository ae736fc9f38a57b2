package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.constraint.number.NumberSet;
import io.nightshift.runtime.constraint.schema.ValueSet.Literal;
import java.util.EnumSet;
import java.util.List;

/** The keyword {@code type}. */
final class Types {
  private Types() {}

  static ValueSet read(Subschema schema) {
    JsonNode type = schema.json().path("type");
    if (type.isMissingNode()) {
      return ValueSet.ALL;
    }
    if (type.isTextual()) {
      return named(schema, type.textValue());
    }
    if (!type.isArray() || type.isEmpty()) {
      throw schema.error("type", "must be the name of a type or an array of such names");
    }
    ValueSet set = ValueSet.NONE;
    for (JsonNode name : type) {
      set = set.union(named(schema, name.asText()));
    }
    return set;
  }

  private static ValueSet named(Subschema schema, String name) {
    return switch (name) {
      case "null" -> ValueSet.NONE.withLiterals(EnumSet.of(Literal.NULL));
      case "boolean" -> ValueSet.NONE.withLiterals(EnumSet.of(Literal.TRUE, Literal.FALSE));
      case "number" -> ValueSet.NONE.withNumbers(NumberSet.all());
      case "integer" -> ValueSet.NONE.withNumbers(NumberSet.integers());
      case "string" -> ValueSet.NONE.withStrings(List.of(StringSet.ALL));
      case "array" -> ValueSet.NONE.withArrays(List.of(ArraySet.ALL));
      case "object" -> ValueSet.NONE.withObjects(List.of(ObjectSet.ALL));
      default ->
          throw schema.error(
              "type",
              "%s is no type: use null, boolean, number, integer, string, array or object"
                  .formatted(name));
    };
  }
}
