package io.nightshift.connectors.jsonl.input;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * The type of the values seen so far at one place of the lines: of a key, or of the elements of a
 * list. Values of different kinds have no common type, except for integers and other numbers.
 * Objects may have different keys; one that an object lacks is null.
 */
final class ObservedType {
  /** More keys at one place are data rather than names of columns. */
  private static final int MAX_KEYS = 10_000;

  private static final String ELEMENT = "element";

  private @Nullable Seen first;
  private @Nullable Seen different;
  private boolean tooManyKeys;
  private @Nullable ObservedType elements;
  private final Map<String, ObservedType> fields = new LinkedHashMap<>();

  /**
   * A line of a file.
   *
   * @param file path
   * @param rangeStart where the range of the line begins; see {@link JsonLinesFile.Range#start}
   * @param line its number in the range, from 0
   */
  record Place(String file, long rangeStart, long line) {}

  /** A value that was seen. */
  private record Seen(Kind kind, Place place) {}

  /** The kinds of values, in words. */
  private enum Kind {
    BOOLEAN("a boolean"),
    INTEGER("an integer"),
    NUMBER("a number"),
    STRING("a string"),
    LIST("a list"),
    OBJECT("an object");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    private boolean isNumber() {
      return this == INTEGER || this == NUMBER;
    }

    private static Kind of(Object value) {
      if (value instanceof Boolean) {
        return BOOLEAN;
      }
      if (value instanceof Long) {
        return INTEGER;
      }
      if (value instanceof Double || value instanceof BigInteger) {
        return NUMBER;
      }
      if (value instanceof List) {
        return LIST;
      }
      return value instanceof Map ? OBJECT : STRING;
    }
  }

  /** The type of lines that are the texts of one column, also where there are none. */
  static ObservedType ofTexts(String column) {
    return of(Map.of(column, ""), new Place("", 0, 0));
  }

  /** The type of one value of a line. */
  static ObservedType of(@Nullable Object value, Place place) {
    ObservedType type = new ObservedType();
    if (value == null) {
      return type;
    }
    type.first = new Seen(Kind.of(value), place);
    if (value instanceof List<?> items) {
      ObservedType ofItems = new ObservedType();
      items.forEach(item -> ofItems.merge(of(item, place)));
      type.elements = ofItems;
    } else if (value instanceof Map<?, ?> object) {
      object.forEach((key, field) -> type.mergeField((String) key, of(field, place)));
    }
    return type;
  }

  /** Adds what was seen elsewhere, later in the input. */
  void merge(ObservedType other) {
    if (other.first == null) {
      return;
    }
    if (first == null) {
      first = other.first;
    } else if (first.kind.isNumber() && other.first.kind.isNumber()) {
      first = first.kind == other.first.kind ? first : numberOf(first, other.first);
    } else if (first.kind != other.first.kind) {
      different = different == null ? other.first : different;
      return;
    }
    different = different == null ? other.different : different;
    tooManyKeys |= other.tooManyKeys;
    if (other.elements != null) {
      elements = elements == null ? new ObservedType() : elements;
      elements.merge(other.elements);
    }
    other.fields.forEach(this::mergeField);
  }

  private static Seen numberOf(Seen one, Seen other) {
    return one.kind == Kind.NUMBER ? one : other;
  }

  private void mergeField(String key, ObservedType field) {
    if (fields.size() >= MAX_KEYS && !fields.containsKey(key)) {
      tooManyKeys = true;
    } else {
      fields.computeIfAbsent(key, unseen -> new ObservedType()).merge(field);
    }
  }

  /** The types of an object's keys, in the order in which they were seen. */
  Map<String, ObservedType> fields() {
    return fields;
  }

  /**
   * Why the values have no common type; empty if they have one.
   *
   * @param name of this place, with those above it
   * @param words for a line
   */
  Optional<String> problem(String name, Function<Place, String> words) {
    if (first != null && different != null) {
      return Optional.of(
          "%s is %s in %s, but %s in %s"
              .formatted(
                  name,
                  first.kind.words,
                  words.apply(first.place),
                  different.kind.words,
                  words.apply(different.place)));
    }
    if (tooManyKeys) {
      return Optional.of(
          "%s has objects of more than %s different keys, which cannot be columns"
              .formatted(name, MAX_KEYS));
    }
    Stream<Optional<String>> below =
        Stream.concat(
            Optional.ofNullable(elements).stream().map(type -> type.problem(name + "[]", words)),
            fields.entrySet().stream()
                .map(field -> field.getValue().problem(name + "." + field.getKey(), words)));
    return below.flatMap(Optional::stream).findFirst();
  }

  /** A nullable column of this type, which has no {@link #problem}. */
  Field toField(String name) {
    @Nullable Kind kind = kind();
    if (kind == null) {
      return Field.nullable(name, ArrowType.Null.INSTANCE);
    }
    return switch (kind) {
      case BOOLEAN -> Field.nullable(name, ArrowType.Bool.INSTANCE);
      case INTEGER -> Field.nullable(name, new ArrowType.Int(64, true));
      case NUMBER ->
          Field.nullable(name, new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE));
      case STRING -> Field.nullable(name, ArrowType.Utf8.INSTANCE);
      case LIST ->
          new Field(
              name,
              FieldType.nullable(ArrowType.List.INSTANCE),
              List.of(Objects.requireNonNull(elements, "of a list").toField(ELEMENT)));
      case OBJECT ->
          new Field(
              name,
              FieldType.nullable(ArrowType.Struct.INSTANCE),
              fields.entrySet().stream()
                  .map(field -> field.getValue().toField(field.getKey()))
                  .toList());
    };
  }

  /** Null also for objects without any key, which Parquet has no type for. */
  private @Nullable Kind kind() {
    boolean withoutKeys = first != null && first.kind == Kind.OBJECT && fields.isEmpty();
    return first == null || withoutKeys ? null : first.kind;
  }
}
