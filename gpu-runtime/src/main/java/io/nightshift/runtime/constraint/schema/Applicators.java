package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Keywords that combine schemas for the same value. */
final class Applicators {
  private final Conditions conditions;
  private final ConditionEvaluator evaluator;
  private final Disjointness disjointness;

  Applicators(Conditions conditions, ConditionEvaluator evaluator) {
    this.conditions = conditions;
    this.evaluator = evaluator;
    this.disjointness = new Disjointness(conditions, evaluator);
  }

  /** What a keyword allows. A keyword that is none allows everything, as the specification says. */
  ValueSet allowed(Subschema schema, String keyword) {
    try {
      return switch (keyword) {
        case "allOf" -> evaluator.evaluate(conditions.all(branches(schema, keyword)));
        case "anyOf" -> union(branches(schema, keyword));
        case "oneOf" -> oneOf(branches(schema, keyword));
        case "not" -> evaluator.evaluate(conditions.not(valid(schema, keyword)));
        case "if" -> conditional(schema);
        case "dependentRequired", "dependentSchemas", "dependencies" ->
            dependencies(schema, keyword);
        default -> ValueSet.ALL;
      };
    } catch (SchemaException e) {
      throw e;
    } catch (ConstraintException e) {
      throw schema.error(keyword, String.valueOf(e.getMessage()));
    }
  }

  private Condition valid(Subschema schema, String keyword) {
    return conditions.valid(schema.child(keyword));
  }

  private List<Condition> branches(Subschema schema, String keyword) {
    Subschema list = schema.child(keyword);
    if (!list.json().isArray() || list.json().isEmpty()) {
      throw schema.error(keyword, "must be an array of one or more schemas");
    }
    List<Condition> branches = new ArrayList<>();
    for (int i = 0; i < list.json().size(); i++) {
      branches.add(conditions.valid(list.child(Integer.toString(i))));
    }
    return branches;
  }

  private ValueSet union(List<Condition> branches) {
    ValueSet set = ValueSet.NONE;
    for (Condition branch : branches) {
      set = set.union(evaluator.evaluate(branch));
    }
    return set;
  }

  /** Branches that may overlap are made disjoint: each without those it overlaps with. */
  private ValueSet oneOf(List<Condition> branches) {
    List<Condition> exclusive = new ArrayList<>();
    for (int i = 0; i < branches.size(); i++) {
      List<Condition> parts = new ArrayList<>();
      parts.add(branches.get(i));
      for (int j = 0; j < branches.size(); j++) {
        if (i != j && !disjointness.isProvable(branches.get(i), branches.get(j))) {
          parts.add(conditions.not(branches.get(j)));
        }
      }
      exclusive.add(conditions.all(parts));
    }
    return union(exclusive);
  }

  private ValueSet conditional(Subschema schema) {
    Condition condition = valid(schema, "if");
    return then(schema, condition, "then").union(then(schema, conditions.not(condition), "else"));
  }

  private ValueSet then(Subschema schema, Condition condition, String keyword) {
    return evaluator.evaluate(
        schema.json().has(keyword) ? conditions.all(condition, valid(schema, keyword)) : condition);
  }

  private ValueSet dependencies(Subschema schema, String keyword) {
    Subschema dependencies = schema.child(keyword);
    if (!dependencies.json().isObject()) {
      throw schema.error(keyword, "must be an object");
    }
    ValueSet set = ValueSet.ALL;
    for (Iterator<Map.Entry<String, JsonNode>> fields = dependencies.json().fields();
        fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      String name = field.getKey();
      Subschema dependency = dependencies.child(name);
      ValueSet absent =
          ValueSet.ALL.withObjects(List.of(ObjectSet.ALL.with(name, Condition.NOTHING, false)));
      ValueSet present =
          ValueSet.NONE.withObjects(List.of(ObjectSet.ALL.with(name, Condition.ANYTHING, true)));
      ValueSet demanded =
          dependency.json().isArray()
              ? requiring(Names.read(dependencies, name, dependency.json()))
              : evaluator.evaluate(conditions.valid(dependency));
      set = set.intersect(absent.union(present.intersect(demanded, conditions)), conditions);
    }
    return set;
  }

  private static ValueSet requiring(List<String> names) {
    ObjectSet objects = ObjectSet.ALL;
    for (String name : names) {
      objects = objects.with(name, Condition.ANYTHING, true);
    }
    return ValueSet.ALL.withObjects(List.of(objects));
  }
}
