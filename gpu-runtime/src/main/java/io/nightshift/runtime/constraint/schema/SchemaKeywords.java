package io.nightshift.runtime.constraint.schema;

import java.util.Set;

/** The keywords whose values are or contain schemas. */
final class SchemaKeywords {

  /** The value is a schema. */
  static final Set<String> SCHEMA =
      Set.of(
          "additionalItems",
          "additionalProperties",
          "contains",
          "contentSchema",
          "else",
          "if",
          "items",
          "not",
          "propertyNames",
          "then",
          "unevaluatedItems",
          "unevaluatedProperties");

  /** The value is a list of schemas. */
  static final Set<String> LIST = Set.of("allOf", "anyOf", "items", "oneOf", "prefixItems");

  /** The value has schemas by name: a name there is no keyword. */
  static final Set<String> NAMED =
      Set.of(
          "$defs",
          "definitions",
          "dependencies",
          "dependentSchemas",
          "patternProperties",
          "properties");

  private SchemaKeywords() {}

  /** Whether the value of a keyword is or contains schemas. */
  static boolean hasSchemas(String keyword) {
    return SCHEMA.contains(keyword) || LIST.contains(keyword) || NAMED.contains(keyword);
  }
}
