package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a schema: the set of values that its keywords allow together. Keywords apply in the order
 * in which they are written, which decides the order of properties.
 */
final class SchemaReader {
  private static final Set<String> OBJECT_KEYWORDS =
      Set.of(
          "properties",
          "patternProperties",
          "additionalProperties",
          "propertyNames",
          "required",
          "minProperties",
          "maxProperties");

  private final SchemaDocument document;
  private final Conditions conditions;
  private final ConditionEvaluator evaluator;
  private final Applicators applicators;

  SchemaReader(SchemaDocument document, Conditions conditions, ConditionEvaluator evaluator) {
    this.document = document;
    this.conditions = conditions;
    this.evaluator = evaluator;
    this.applicators = new Applicators(conditions, evaluator);
  }

  ValueSet read(Subschema schema) {
    JsonNode json = schema.json();
    if (json.isBoolean()) {
      return json.booleanValue() ? ValueSet.ALL : ValueSet.NONE;
    }
    if (!json.isObject()) {
      throw schema.error("a schema must be an object or a boolean");
    }
    if (json.has("$schema")) {
      Keywords.text(schema, "$schema");
    }
    if (json.has("$ref") && schema.dialect().referenceIsAlone()) {
      return reference(schema, "$ref");
    }
    ValueSet set = Types.read(schema);
    boolean objectsRead = false;
    for (Iterator<Map.Entry<String, JsonNode>> fields = json.fields(); fields.hasNext(); ) {
      String keyword = fields.next().getKey();
      if (!OBJECT_KEYWORDS.contains(keyword)) {
        set = apply(set, schema, keyword);
      } else if (!objectsRead) {
        objectsRead = true;
        set = set.intersect(objects(schema), conditions);
      }
    }
    return unevaluated(set, schema);
  }

  private ValueSet apply(ValueSet set, Subschema schema, String keyword) {
    try {
      return set.intersect(allowed(schema, keyword), conditions);
    } catch (SchemaException e) {
      throw e;
    } catch (ConstraintException e) {
      throw schema.error(keyword, String.valueOf(e.getMessage()));
    }
  }

  /** What one keyword allows, with those that it reads beside it. */
  private ValueSet allowed(Subschema schema, String keyword) {
    return switch (keyword) {
      case "$ref", "$dynamicRef", "$recursiveRef" -> reference(schema, keyword);
      case "const" -> Constants.equalTo(schema.json().path(keyword), conditions);
      case "enum" -> {
        if (!schema.json().path(keyword).isArray()) {
          throw schema.error(keyword, "must be an array");
        }
        yield Constants.equalToAny(schema.json().path(keyword), conditions);
      }
      case "pattern", "minLength", "maxLength" ->
          ValueSet.ALL.withStrings(
              Stream.of(StringKeywords.read(schema, keyword))
                  .filter(set -> !set.isEmpty())
                  .toList());
      case "format" -> StringKeywords.format(schema);
      case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf" ->
          ValueSet.ALL.withNumbers(NumberKeywords.read(schema, keyword));
      case "items", "prefixItems", "additionalItems", "minItems", "maxItems", "uniqueItems" ->
          ValueSet.ALL.withArrays(List.of(ArrayKeywords.read(schema, keyword, conditions)));
      case "contains" -> ValueSet.ALL.withArrays(ArrayKeywords.contains(schema, conditions));
      default -> applicators.allowed(schema, keyword);
    };
  }

  private ValueSet reference(Subschema schema, String keyword) {
    Subschema target =
        keyword.equals("$ref")
            ? document.resolve(schema, keyword)
            : document.resolveDynamic(schema, keyword);
    try {
      return evaluator.evaluate(conditions.valid(target));
    } catch (ConditionEvaluator.EndlessReferenceException e) {
      throw schema.error(keyword, "refers to itself, without an array or object in between");
    }
  }

  private ValueSet objects(Subschema schema) {
    return ValueSet.ALL.withObjects(
        List.of(
            new ObjectKeywords(schema, conditions, evaluator, document.hasUnevaluatedProperties())
                .read()));
  }

  /** Applied last: to what no other keyword of the schema has applied to. */
  private ValueSet unevaluated(ValueSet set, Subschema schema) {
    ValueSet result = set;
    if (schema.json().has("unevaluatedProperties")) {
      Condition value = conditions.valid(schema.child("unevaluatedProperties"));
      result =
          result.withObjects(
              result.objects().stream()
                  .map(objects -> objects.withUnevaluated(value, conditions))
                  .toList());
    }
    if (schema.json().has("unevaluatedItems")) {
      result = result.withArrays(unevaluatedItems(result.arrays(), schema));
    }
    boolean overlapping = result.objects().size() > 1 || result.arrays().size() > 1;
    return overlapping && result != set ? result.narrow() : result;
  }

  private List<ArraySet> unevaluatedItems(List<ArraySet> sets, Subschema schema) {
    if (sets.stream().anyMatch(set -> !set.contains().isEmpty())) {
      throw schema.error(
          "unevaluatedItems", "cannot be combined with contains: use items in each branch");
    }
    Condition item = conditions.valid(schema.child("unevaluatedItems"));
    return sets.stream().map(set -> set.withUnevaluated(item, conditions)).toList();
  }
}
