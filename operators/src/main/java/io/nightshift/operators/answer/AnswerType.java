package io.nightshift.operators.answer;

import io.nightshift.runtime.constraint.grammar.Alternative;
import io.nightshift.runtime.constraint.grammar.ArrayAlternative;
import io.nightshift.runtime.constraint.grammar.LiteralAlternative;
import io.nightshift.runtime.constraint.grammar.NumberAlternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative;
import io.nightshift.runtime.constraint.grammar.StringAlternative;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.lucene.util.automaton.Operations;

/**
 * The Arrow type of the answers that a grammar allows. Values that several rules allow have one
 * type: objects are structs with the properties of all rules, and null makes a type nullable.
 *
 * <p>What has no type of its own is a string with its JSON text, which has Parquet's logical type
 * JSON: values of several kinds (a string or a number), recursion, objects without properties,
 * properties whose names differ in case only, and integers whose bounds are not of 64 bits.
 */
public final class AnswerType {
  /** Maximum number of fields at all depths. A larger answer is one string of JSON. */
  private static final int MAX_FIELDS = 1_000;

  private static final String ITEM = "element";

  private enum Kind {
    BOOLEAN,
    NUMBER,
    STRING,
    ARRAY,
    OBJECT
  }

  private final Set<ValueRule> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int fields;

  private AnswerType() {}

  /**
   * The column of the answers. It is nullable, for rows without an answer.
   *
   * @param name of the column
   */
  public static Field of(String name, ValueRule answer) {
    AnswerType types = new AnswerType();
    Shape shape = types.shape(List.of(answer));
    return (types.fields > MAX_FIELDS ? Shape.json() : shape).orNull(true).named(name);
  }

  private static Set<ValueRule> identitySet(List<ValueRule> rules) {
    Set<ValueRule> set = Collections.newSetFromMap(new IdentityHashMap<>());
    set.addAll(rules);
    return set;
  }

  /** The shape of the values that any of the rules allows. */
  private Shape shape(List<ValueRule> rules) {
    Set<ValueRule> distinct = identitySet(rules);
    List<Alternative> all =
        distinct.stream().flatMap(rule -> rule.alternatives().stream()).toList();
    List<Alternative> values = all.stream().filter(value -> !isNull(value)).toList();
    boolean nullable = values.size() < all.size();
    boolean recursive = distinct.stream().anyMatch(this::isOpen);
    if (++fields > MAX_FIELDS || recursive || values.isEmpty()) {
      return Shape.json().orNull(nullable);
    }
    Set<Kind> kinds = new TreeSet<>(values.stream().map(AnswerType::kind).toList());
    if (kinds.size() > 1) {
      return Shape.mixed().orNull(nullable);
    }
    open.addAll(distinct);
    Shape shape =
        switch (kinds.iterator().next()) {
          case BOOLEAN -> Shape.of(ArrowType.Bool.INSTANCE);
          case NUMBER -> number(only(NumberAlternative.class, values));
          case STRING -> Shape.of(ArrowType.Utf8.INSTANCE);
          case ARRAY -> list(only(ArrayAlternative.class, values));
          case OBJECT -> object(longestFirst(only(ObjectAlternative.class, values)));
        };
    open.removeAll(distinct);
    return shape.orNull(nullable);
  }

  /** Whether a rule is inside of itself, or of one of the same values. */
  private boolean isOpen(ValueRule rule) {
    return open.contains(rule)
        || open.stream().anyMatch(outer -> outer.alternatives().equals(rule.alternatives()));
  }

  private static boolean isNull(Alternative value) {
    return value instanceof LiteralAlternative literal && literal.text().equals("null");
  }

  private static Kind kind(Alternative value) {
    if (value instanceof StringAlternative) {
      return Kind.STRING;
    }
    if (value instanceof NumberAlternative) {
      return Kind.NUMBER;
    }
    if (value instanceof ArrayAlternative) {
      return Kind.ARRAY;
    }
    return value instanceof ObjectAlternative ? Kind.OBJECT : Kind.BOOLEAN;
  }

  private static <T> List<T> only(Class<T> type, List<Alternative> values) {
    return values.stream().map(type::cast).toList();
  }

  /** The one with the most properties has them in the order of the schema, more than others do. */
  private static List<ObjectAlternative> longestFirst(List<ObjectAlternative> objects) {
    return objects.stream()
        .sorted(Comparator.comparingInt(object -> -object.properties().size()))
        .toList();
  }

  /** Integers without bounds are nullable: one that does not fit into 64 bits is null. */
  private static Shape number(List<NumberAlternative> numbers) {
    if (!numbers.stream().allMatch(NumberAlternative::integer)) {
      return Shape.of(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE));
    }
    List<IntegerRange> ranges =
        numbers.stream().map(number -> IntegerRange.of(number.text())).toList();
    return ranges.contains(IntegerRange.BEYOND_LONG)
        ? Shape.json()
        : Shape.of(new ArrowType.Int(Long.SIZE, true))
            .orNull(ranges.contains(IntegerRange.UNBOUNDED));
  }

  private Shape list(List<ArrayAlternative> arrays) {
    List<ValueRule> items = new ArrayList<>();
    for (ArrayAlternative array : arrays) {
      Stream.concat(array.prefix().stream(), Stream.of(array.rest()))
          .flatMap(item -> Stream.of(item.matching(), item.other()))
          .filter(rule -> !rule.alternatives().isEmpty())
          .forEach(items::add);
    }
    if (items.isEmpty()) {
      return Shape.json();
    }
    Shape item = shape(items);
    return item.isMixed() ? Shape.json() : Shape.of(ArrowType.List.INSTANCE, item.named(ITEM));
  }

  private Shape object(List<ObjectAlternative> objects) {
    Set<String> names = new LinkedHashSet<>();
    objects.forEach(object -> object.properties().forEach(property -> names.add(property.name())));
    Set<String> distinct = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    if (names.isEmpty()) {
      return map(objects);
    }
    return distinct.addAll(names) && distinct.size() == names.size() && !names.contains("")
        ? struct(objects, names)
        : Shape.json();
  }

  private Shape map(List<ObjectAlternative> objects) {
    List<ValueRule> values =
        objects.stream()
            .flatMap(object -> object.additional().stream())
            .map(ObjectAlternative.Additional::value)
            .toList();
    if (values.isEmpty()) {
      return Shape.json();
    }
    Shape value = shape(values);
    if (value.isMixed()) {
      return Shape.json();
    }
    Field key = Field.notNullable(MapVector.KEY_NAME, ArrowType.Utf8.INSTANCE);
    Field entry =
        Shape.of(ArrowType.Struct.INSTANCE, key, value.named(MapVector.VALUE_NAME))
            .named(MapVector.DATA_VECTOR_NAME);
    return Shape.of(new ArrowType.Map(false), entry);
  }

  private Shape struct(List<ObjectAlternative> objects, Set<String> names) {
    Field[] children =
        names.stream()
            .map(
                name -> {
                  List<ValueRule> values = new ArrayList<>();
                  boolean required = true;
                  for (ObjectAlternative object : objects) {
                    required &= addValues(object, name, values);
                  }
                  return shape(values).orNull(!required).named(name);
                })
            .toArray(Field[]::new);
    return Shape.of(ArrowType.Struct.INSTANCE, children);
  }

  /**
   * Adds what a property may be: also where another alternative names it and this one allows it as
   * an additional property.
   *
   * @return whether the object always has it
   */
  private static boolean addValues(ObjectAlternative object, String name, List<ValueRule> values) {
    for (ObjectAlternative.Property property : object.properties()) {
      if (property.name().equals(name)) {
        values.add(property.value());
        return property.required();
      }
    }
    object.additional().stream()
        .filter(additional -> Operations.run(additional.names(), name))
        .forEach(additional -> values.add(additional.value()));
    return false;
  }
}
