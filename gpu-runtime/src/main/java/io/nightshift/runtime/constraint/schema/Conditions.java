package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes conditions, the same object for the same condition. */
final class Conditions {
  /** Nodes of a schema that is compared as a whole. */
  private static final int SMALL = 40;

  private final Map<Object, Condition> schemas = new HashMap<>();
  private final Map<String, Condition> values = new HashMap<>();
  private final Map<List<Condition>, Condition> conjunctions = new HashMap<>();
  private final Map<Condition, Condition> negations = new HashMap<>();

  /** The values that are valid under a schema. */
  Condition valid(Subschema schema) {
    JsonNode json = schema.json();
    if (json.isBoolean()) {
      return json.booleanValue() ? Condition.ANYTHING : Condition.NOTHING;
    }
    if (json.isObject() && json.isEmpty()) {
      return Condition.ANYTHING;
    }
    return schemas.computeIfAbsent(key(schema), key -> new Condition.Valid(schema));
  }

  /**
   * Small schemas that read the same mean the same, wherever they are. Not those that are equal as
   * JSON: the order of properties matters.
   */
  private static Object key(Subschema schema) {
    return size(schema.json(), SMALL) <= SMALL
        ? List.of(schema.dialect(), schema.base(), schema.json().toString())
        : schema.pointer();
  }

  /** Number of nodes, counted up to a limit. */
  private static int size(JsonNode json, int limit) {
    int size = 1;
    for (JsonNode child : json) {
      if (size > limit) {
        break;
      }
      size += size(child, limit - size);
    }
    return size;
  }

  /** A single value. */
  Condition equal(JsonNode value) {
    return values.computeIfAbsent(value.toString(), key -> new Condition.Equal(value));
  }

  Condition all(Condition a, Condition b) {
    return all(List.of(a, b));
  }

  /** The order is kept: properties come in the order of the first condition that names them. */
  Condition all(Collection<Condition> conditions) {
    Set<Condition> set = new LinkedHashSet<>();
    for (Condition condition : conditions) {
      if (condition == Condition.NOTHING) {
        return Condition.NOTHING;
      }
      if (condition instanceof Condition.All nested) {
        set.addAll(nested.conditions);
      } else if (condition != Condition.ANYTHING) {
        set.add(condition);
      }
    }
    for (Condition condition : set) {
      if (condition instanceof Condition.Not not && set.contains(not.condition)) {
        return Condition.NOTHING;
      }
    }
    if (set.isEmpty()) {
      return Condition.ANYTHING;
    }
    return set.size() == 1
        ? set.iterator().next()
        : conjunctions.computeIfAbsent(List.copyOf(set), key -> new Condition.All(set));
  }

  Condition not(Condition condition) {
    if (condition == Condition.ANYTHING) {
      return Condition.NOTHING;
    }
    if (condition == Condition.NOTHING) {
      return Condition.ANYTHING;
    }
    return condition instanceof Condition.Not not
        ? not.condition
        : negations.computeIfAbsent(condition, Condition.Not::new);
  }
}
