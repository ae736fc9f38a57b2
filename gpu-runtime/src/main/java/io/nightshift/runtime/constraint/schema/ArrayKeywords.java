package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.constraint.schema.ArraySet.Contains;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keywords that apply to arrays. */
final class ArrayKeywords {
  private ArrayKeywords() {}

  static ArraySet read(Subschema schema, String keyword, Conditions conditions) {
    return switch (keyword) {
      case "minItems" -> withLength(Keywords.size(schema, keyword), ArraySet.UNBOUNDED);
      case "maxItems" -> withLength(0, Keywords.size(schema, keyword));
      case "uniqueItems" ->
          new ArraySet(
              List.of(),
              Condition.ANYTHING,
              0,
              ArraySet.UNBOUNDED,
              List.of(),
              Keywords.flag(schema, keyword),
              0);
      case "prefixItems" ->
          withItems(tuple(schema.child(keyword), conditions), Condition.ANYTHING, false);
      case "items" -> items(schema, conditions);
      // Only beside an array of items, and read with it.
      case "additionalItems" -> ArraySet.ALL;
      default -> throw new IllegalArgumentException(keyword);
    };
  }

  /** An array of schemas is what {@code prefixItems} is called before draft 2020-12. */
  private static ArraySet items(Subschema schema, Conditions conditions) {
    Subschema items = schema.child("items");
    if (items.json().isArray()) {
      Condition rest =
          schema.json().has("additionalItems")
              ? conditions.valid(schema.child("additionalItems"))
              : Condition.ANYTHING;
      return withItems(tuple(items, conditions), rest, schema.json().has("additionalItems"));
    }
    int before = schema.json().path("prefixItems").size();
    return withItems(
        Collections.nCopies(before, Condition.ANYTHING), conditions.valid(items), true);
  }

  private static List<Condition> tuple(Subschema items, Conditions conditions) {
    if (!items.json().isArray()) {
      throw items.error("must be an array of schemas");
    }
    List<Condition> tuple = new ArrayList<>();
    for (int i = 0; i < items.json().size(); i++) {
      tuple.add(conditions.valid(items.child(Integer.toString(i))));
    }
    return tuple;
  }

  static List<ArraySet> contains(Subschema schema, Conditions conditions) {
    JsonNode json = schema.json();
    int min = json.has("minContains") ? Keywords.size(schema, "minContains") : 1;
    if (schema.dialect().compareTo(Dialect.DRAFT_2019_09) < 0) {
      min = Math.max(min, 1); // These drafts have no minContains that would allow none.
    }
    int max = json.has("maxContains") ? Keywords.size(schema, "maxContains") : ArraySet.UNBOUNDED;
    if (min == 0 && max == ArraySet.UNBOUNDED) {
      return List.of(ArraySet.ALL);
    }
    Contains contains = new Contains(conditions.valid(schema.child("contains")), min, max);
    return List.of(
        new ArraySet(
            List.of(), Condition.ANYTHING, min, ArraySet.UNBOUNDED, List.of(contains), false, 0));
  }

  private static ArraySet withLength(int min, int max) {
    return new ArraySet(List.of(), Condition.ANYTHING, min, max, List.of(), false, 0);
  }

  /** Items that must not occur are a maximum length. */
  private static ArraySet withItems(List<Condition> prefix, Condition rest, boolean evaluatesRest) {
    int max = rest == Condition.NOTHING ? prefix.size() : ArraySet.UNBOUNDED;
    int impossible = prefix.indexOf(Condition.NOTHING);
    return new ArraySet(
        prefix,
        rest,
        0,
        impossible >= 0 ? impossible : max,
        List.of(),
        false,
        evaluatesRest ? ArraySet.UNBOUNDED : prefix.size());
  }
}
