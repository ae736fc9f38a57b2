package io.nightshift.runtime.constraint.schema;

import static io.nightshift.runtime.constraint.automaton.CodePointLanguages.all;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.regex.RegularExpression;
import io.nightshift.runtime.constraint.schema.ObjectSet.Member;
import io.nightshift.runtime.constraint.schema.ObjectSet.NameRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.util.automaton.Automaton;

/** Keywords that apply to objects. They depend on each other, so they are read together. */
final class ObjectKeywords {
  private final Subschema schema;
  private final Conditions conditions;
  private final ConditionEvaluator evaluator;
  private final boolean tracksEvaluated;

  /**
   * @param tracksEvaluated whether the schema has {@code unevaluatedProperties} somewhere
   */
  ObjectKeywords(
      Subschema schema,
      Conditions conditions,
      ConditionEvaluator evaluator,
      boolean tracksEvaluated) {
    this.tracksEvaluated = tracksEvaluated;
    this.schema = schema;
    this.conditions = conditions;
    this.evaluator = evaluator;
  }

  ObjectSet read() {
    JsonNode json = schema.json();
    List<NameRule> patterns = patterns();
    List<NameRule> rules = new ArrayList<>(patterns);
    if (json.has("additionalProperties")) {
      rules.add(
          new NameRule(others(patterns), conditions.valid(schema.child("additionalProperties"))));
    }
    int min = json.has("minProperties") ? Keywords.size(schema, "minProperties") : 0;
    int max =
        json.has("maxProperties") ? Keywords.size(schema, "maxProperties") : ObjectSet.UNBOUNDED;
    Automaton names = names();
    EvaluatedNames evaluated = evaluated(patterns);
    ObjectSet unnamed = new ObjectSet(Map.of(), rules, names, List.of(), evaluated, min, max);
    ObjectSet named = new ObjectSet(Map.of(), patterns, names, List.of(), evaluated, min, max);
    return new ObjectSet(members(named, unnamed), rules, names, List.of(), evaluated, min, max);
  }

  private EvaluatedNames evaluated(List<NameRule> patterns) {
    JsonNode json = schema.json();
    if (!tracksEvaluated) {
      return EvaluatedNames.NONE;
    }
    if (json.has("additionalProperties")) {
      return EvaluatedNames.ALL;
    }
    Set<String> names = new LinkedHashSet<>();
    json.path("properties").fieldNames().forEachRemaining(names::add);
    return new EvaluatedNames(names, patterns.stream().map(NameRule::names).toList());
  }

  /**
   * @param named what patterns say of named properties
   * @param unnamed what applies to properties that are required, but not named
   */
  private Map<String, Member> members(ObjectSet named, ObjectSet unnamed) {
    List<String> required = required();
    Map<String, Member> members = new LinkedHashMap<>();
    Subschema properties = schema.child("properties");
    requireObject(properties, "properties");
    properties
        .json()
        .fieldNames()
        .forEachRemaining(
            name ->
                members.put(
                    name,
                    new Member(
                        conditions.all(
                            conditions.valid(properties.child(name)),
                            named.valueOf(name, conditions)),
                        required.contains(name))));
    members.keySet().forEach(Utf8::require);
    for (String name : required) {
      members.computeIfAbsent(name, key -> new Member(unnamed.valueOf(key, conditions), true));
    }
    return members;
  }

  private void requireObject(Subschema value, String keyword) {
    if (!value.json().isMissingNode() && !value.json().isObject()) {
      throw schema.error(keyword, "must be an object");
    }
  }

  private List<String> required() {
    JsonNode required = schema.json().path("required");
    if (required.isMissingNode()) {
      return List.of();
    }
    return Names.read(schema, "required", required);
  }

  private List<NameRule> patterns() {
    List<NameRule> rules = new ArrayList<>();
    Subschema patterns = schema.child("patternProperties");
    requireObject(patterns, "patternProperties");
    patterns
        .json()
        .fieldNames()
        .forEachRemaining(
            pattern -> {
              try {
                rules.add(
                    new NameRule(
                        RegularExpression.search(Utf8.require(pattern)),
                        conditions.valid(patterns.child(pattern))));
              } catch (SchemaException e) {
                throw e;
              } catch (ConstraintException e) {
                throw patterns.child(pattern).error(String.valueOf(e.getMessage()));
              }
            });
    return rules;
  }

  /** The names that no pattern matches. */
  private static Automaton others(List<NameRule> patterns) {
    Automaton names = all();
    for (NameRule pattern : patterns) {
      names = CodePointLanguages.minus(names, pattern.names());
    }
    return names;
  }

  /** The names that {@code propertyNames} allows. */
  private Automaton names() {
    if (!schema.json().has("propertyNames")) {
      return all();
    }
    Automaton names = CodePointLanguages.none();
    Condition condition = conditions.valid(schema.child("propertyNames"));
    for (StringSet set : evaluator.evaluate(condition).strings()) {
      names = CodePointLanguages.union(names, set.language());
    }
    return names;
  }
}
