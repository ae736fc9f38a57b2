package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/** Random schemas and instances, of few names and values, so that conditions meet. */
final class RandomSchemas {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int DEPTH = 3;
  private static final List<String> TYPES =
      List.of("null", "boolean", "integer", "number", "string", "array", "object");
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "b",
          "ab",
          "ba",
          "aab",
          "\u00e9",
          "\ud83d\ude00",
          "\"",
          "\\",
          "\n",
          "2024-02-29");
  private static final List<String> NAMES = List.of("a", "b", "ab", "c", "", "\"\u00e9");
  private static final List<String> PATTERNS =
      List.of(
          "a",
          "^a",
          "b$",
          "^[ab]+$",
          "^.{1,2}$",
          "^(ab)*$",
          "^(?:a|bb)$",
          "\u00e9",
          "^$",
          "\\d",
          "b^a");
  private static final List<String> FORMATS = List.of("date", "ipv4", "uuid", "duration");
  private static final List<String> NUMBERS =
      List.of("-2", "-1", "-0.5", "0", "0.25", "1", "1.5", "2", "3", "10", "12.75");
  private static final List<String> DIVISORS = List.of("1", "2", "3", "0.5", "0.25", "1.5", "0.1");

  private static final List<String> KEYWORDS =
      List.of(
          "type",
          "type",
          "type",
          "enum",
          "const",
          "string",
          "string",
          "number",
          "number",
          "items",
          "prefixItems",
          "contains",
          "size",
          "properties",
          "properties",
          "properties",
          "patternProperties",
          "additionalProperties",
          "propertyNames",
          "propertyCount",
          "dependentRequired",
          "dependentSchemas",
          "allOf",
          "anyOf",
          "oneOf",
          "not",
          "if",
          "unevaluated",
          "$ref");

  private final Random random;

  RandomSchemas(Random random) {
    this.random = random;
  }

  /** A schema with two definitions, to which schemas in it refer. */
  ObjectNode schema() {
    ObjectNode schema = object(0);
    ObjectNode definitions = schema.putObject("$defs");
    definitions.set("d", definition("items"));
    definitions.set("e", definition("additionalProperties"));
    return schema;
  }

  /** Refers to other schemas only below an array or object. */
  private ObjectNode definition(String keyword) {
    ObjectNode definition = JSON.objectNode();
    addType(definition);
    addProperties(definition, 2);
    definition.set(keyword, schema(2));
    return definition;
  }

  private JsonNode schema(int depth) {
    if (depth > DEPTH || random.nextInt(8) == 0) {
      return random.nextInt(4) == 0
          ? JSON.booleanNode(random.nextInt(4) > 0)
          : JSON.objectNode().put("type", pick(TYPES));
    }
    return object(depth);
  }

  private ObjectNode object(int depth) {
    ObjectNode schema = JSON.objectNode();
    for (int i = 1 + random.nextInt(Math.max(2, 5 - depth)); i > 0; i--) {
      add(schema, pick(KEYWORDS), depth + 1);
    }
    return schema;
  }

  private void add(ObjectNode schema, String keyword, int depth) {
    switch (keyword) {
      case "type" -> addType(schema);
      case "enum" -> {
        ArrayNode values = schema.putArray("enum");
        values.add(instance(2)).add(instance(2)).add(instance(1));
      }
      case "const" -> schema.set("const", instance(2));
      case "string" -> addString(schema);
      case "number" -> addNumber(schema);
      case "items", "additionalProperties", "not" -> schema.set(keyword, schema(depth));
      case "propertyNames" -> {
        ObjectNode names = schema.putObject(keyword);
        addString(names);
      }
      case "prefixItems", "allOf", "anyOf", "oneOf" -> {
        ArrayNode schemas = schema.putArray(keyword);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
          schemas.add(schema(depth));
        }
      }
      case "contains" -> {
        schema.set("contains", schema(depth));
        schema.remove(List.of("minContains", "maxContains"));
        maybe(schema, "minContains", 3);
        if (random.nextBoolean()) {
          schema.put("maxContains", schema.path("minContains").asInt(1) + random.nextInt(2));
        }
      }
      case "size" -> {
        maybe(schema, "minItems", 3);
        maybe(schema, "maxItems", 5);
        if (random.nextInt(4) == 0) {
          // The oracle would compare the values of objects, too.
          schema.put("uniqueItems", true).put("type", "array");
        }
      }
      case "properties" -> addProperties(schema, depth);
      case "patternProperties" ->
          schema
              .putObject(keyword)
              .<ObjectNode>set(pick(PATTERNS), schema(depth))
              .set(pick(PATTERNS), schema(depth));
      case "propertyCount" -> {
        maybe(schema, "minProperties", 3);
        maybe(schema, "maxProperties", 4);
      }
      case "dependentRequired" -> schema.putObject(keyword).putArray(pick(NAMES)).add(pick(NAMES));
      case "dependentSchemas" -> schema.putObject(keyword).set(pick(NAMES), schema(depth));
      case "if" -> {
        schema.set("if", schema(depth));
        schema.set("then", schema(depth));
        if (random.nextBoolean()) {
          schema.set("else", schema(depth));
        }
      }
      case "unevaluated" ->
          schema.set(
              random.nextBoolean() ? "unevaluatedProperties" : "unevaluatedItems", schema(DEPTH));
      case "$ref" -> schema.put("$ref", pick(List.of("#", "#/$defs/d", "#/$defs/e")));
      default -> throw new IllegalArgumentException(keyword);
    }
  }

  private void addType(ObjectNode schema) {
    if (schema.has("uniqueItems")) {
      return;
    }
    if (random.nextInt(3) > 0) {
      schema.put("type", pick(TYPES));
    } else {
      schema.putArray("type").add(pick(TYPES)).add(pick(TYPES.subList(0, 3)));
    }
  }

  private void addString(ObjectNode schema) {
    switch (random.nextInt(5)) {
      case 0 -> schema.put("pattern", pick(PATTERNS));
      case 1 -> schema.put("format", pick(FORMATS));
      case 2 -> schema.put("pattern", pick(PATTERNS)).put("minLength", random.nextInt(3));
      default -> {
        maybe(schema, "minLength", 4);
        maybe(schema, "maxLength", 6);
      }
    }
  }

  private void addNumber(ObjectNode schema) {
    switch (random.nextInt(5)) {
      case 0 -> schema.put("multipleOf", new BigDecimal(pick(DIVISORS)));
      case 1 -> schema.put("minimum", number()).put("exclusiveMaximum", number());
      case 2 -> schema.put("exclusiveMinimum", number());
      case 3 -> schema.put("maximum", number());
      default -> schema.put("minimum", number());
    }
  }

  private void addProperties(ObjectNode schema, int depth) {
    ObjectNode properties = schema.putObject("properties");
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      properties.set(pick(NAMES), schema(depth));
    }
    if (random.nextBoolean()) {
      schema.putArray("required").add(pick(NAMES));
    }
    if (random.nextBoolean()) {
      schema.put("additionalProperties", false);
    }
  }

  private void maybe(ObjectNode schema, String keyword, int bound) {
    if (random.nextBoolean()) {
      schema.put(keyword, random.nextInt(bound));
    }
  }

  /** A random value. */
  JsonNode instance(int depth) {
    switch (random.nextInt(depth > 0 ? 9 : 6)) {
      case 0:
        return JSON.nullNode();
      case 1:
        return JSON.booleanNode(random.nextBoolean());
      case 2, 3:
        return JSON.numberNode(number());
      case 4, 5:
        return JSON.textNode(pick(TEXTS));
      case 6:
        ArrayNode array = JSON.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(instance(depth - 1));
        }
        return array;
      default:
        ObjectNode object = JSON.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set(pick(NAMES), instance(depth - 1));
        }
        return object;
    }
  }

  private BigDecimal number() {
    return new BigDecimal(pick(NUMBERS));
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
