package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.constraint.schema.format.StringFormats;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a schema says without effect: names that are no keywords, and formats that the specification
 * does not define. Both are valid, and both may be a slip of the pen.
 */
final class IneffectiveKeywords {
  private static final Set<String> ASSERTIONS =
      Set.of(
          "const",
          "dependentRequired",
          "enum",
          "exclusiveMaximum",
          "exclusiveMinimum",
          "format",
          "maxContains",
          "maxItems",
          "maxLength",
          "maxProperties",
          "maximum",
          "minContains",
          "minItems",
          "minLength",
          "minProperties",
          "minimum",
          "multipleOf",
          "pattern",
          "required",
          "type",
          "uniqueItems");
  private static final Set<String> OTHERS =
      Set.of(
          "$anchor",
          "$comment",
          "$dynamicAnchor",
          "$dynamicRef",
          "$id",
          "$recursiveAnchor",
          "$recursiveRef",
          "$ref",
          "$schema",
          "$vocabulary",
          "contentEncoding",
          "contentMediaType",
          "default",
          "deprecated",
          "description",
          "examples",
          "id",
          "readOnly",
          "title",
          "writeOnly");

  private final List<String> found = new ArrayList<>();

  /** One sentence each, with the JSON pointer of the place. */
  static List<String> in(Subschema root) {
    IneffectiveKeywords keywords = new IneffectiveKeywords();
    keywords.read(root);
    return List.copyOf(keywords.found);
  }

  private void read(Subschema schema) {
    if (!schema.json().isObject()) {
      return;
    }
    schema.json().fieldNames().forEachRemaining(keyword -> read(schema, keyword));
  }

  private void read(Subschema schema, String keyword) {
    Subschema child = schema.child(keyword);
    if (SchemaKeywords.NAMED.contains(keyword) && child.json().isObject()) {
      child.json().fieldNames().forEachRemaining(name -> read(child.child(name)));
    } else if (SchemaKeywords.LIST.contains(keyword) && child.json().isArray()) {
      for (int i = 0; i < child.json().size(); i++) {
        read(child.child(Integer.toString(i)));
      }
    } else if (SchemaKeywords.SCHEMA.contains(keyword)) {
      read(child);
    } else if (keyword.equals("format") && !isDefined(child.json())) {
      found.add(
          "#%s: %s is no format that JSON Schema defines, and has no effect"
              .formatted(child.pointer(), child.json().asText()));
    } else if (!ASSERTIONS.contains(keyword)
        && !OTHERS.contains(keyword)
        && !isExtension(keyword)) {
      found.add(
          "#%s: %s is no keyword of JSON Schema, and has no effect"
              .formatted(child.pointer(), keyword));
    }
  }

  private static boolean isDefined(JsonNode format) {
    return format.isTextual() && StringFormats.find(format.textValue()) != null;
  }

  /** What other specifications add to schemas begins so by convention. */
  private static boolean isExtension(String keyword) {
    return keyword.startsWith("x-");
  }
}
