package io.nightshift.runtime.constraint.schema;

import static io.nightshift.runtime.constraint.automaton.CodePointLanguages.all;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.number.NumberSet;
import io.nightshift.runtime.constraint.schema.ObjectSet.Member;
import io.nightshift.runtime.constraint.schema.ObjectSet.NameRule;
import io.nightshift.runtime.constraint.schema.ValueSet.Literal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sets of given values: {@code const} and {@code enum}. */
final class Constants {
  private Constants() {}

  /** A set of one value. Numbers are equal if their values are. */
  static ValueSet equalTo(JsonNode value, Conditions conditions) {
    return equalToAny(List.of(value), conditions);
  }

  /** A set of some values. */
  static ValueSet equalToAny(Iterable<JsonNode> values, Conditions conditions) {
    EnumSet<Literal> literals = EnumSet.noneOf(Literal.class);
    NumberSet numbers = NumberSet.of(List.of());
    List<String> strings = new ArrayList<>();
    List<ArraySet> arrays = new ArrayList<>();
    List<ObjectSet> objects = new ArrayList<>();
    for (JsonNode value : values) {
      JsonNodeType type = value.getNodeType();
      switch (type) {
        case NULL -> literals.add(Literal.NULL);
        case BOOLEAN -> literals.add(value.booleanValue() ? Literal.TRUE : Literal.FALSE);
        case NUMBER -> numbers = numbers.union(NumberSet.of(value.decimalValue()));
        case STRING -> strings.add(value.textValue());
        case ARRAY -> arrays.add(arrayEqualTo(value, conditions));
        case OBJECT -> objects.add(objectEqualTo(value, conditions));
        default -> throw new IllegalStateException("not a JSON value: " + type);
      }
    }
    List<StringSet> stringSets =
        strings.isEmpty()
            ? List.of()
            : List.of(new StringSet(CodePointLanguages.of(strings), 0, StringSet.UNBOUNDED));
    return new ValueSet(literals, numbers, stringSets, arrays, objects, false);
  }

  private static ArraySet arrayEqualTo(JsonNode array, Conditions conditions) {
    List<Condition> items = new ArrayList<>();
    array.forEach(item -> items.add(conditions.equal(item)));
    return new ArraySet(items, Condition.NOTHING, items.size(), items.size(), List.of(), false, 0);
  }

  private static ObjectSet objectEqualTo(JsonNode object, Conditions conditions) {
    Map<String, Member> members = new LinkedHashMap<>();
    object
        .fields()
        .forEachRemaining(
            field ->
                members.put(field.getKey(), new Member(conditions.equal(field.getValue()), true)));
    return new ObjectSet(
        members,
        List.of(new NameRule(all(), Condition.NOTHING)),
        all(),
        List.of(),
        EvaluatedNames.NONE,
        members.size(),
        members.size());
  }
}
