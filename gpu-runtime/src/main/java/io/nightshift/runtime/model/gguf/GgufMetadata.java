package io.nightshift.runtime.model.gguf;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.weights.MappedFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The key-value pairs of a GGUF header. Values are read on access. A getter throws {@link
 * ModelFormatException} if the value has another type.
 */
final class GgufMetadata {
  private final MappedFile file;
  private final Map<String, Value> values = new HashMap<>();

  /**
   * @param type type of the value, or of the elements of an array
   * @param count number of elements of an array; -1 for other values
   * @param offset offset of the value, or of an array's first element, in the file
   */
  private record Value(GgufValueType type, long count, long offset) {
    boolean isArray() {
      return count >= 0;
    }
  }

  /** Reads {@code count} pairs at the cursor, which then points to the byte after them. */
  GgufMetadata(MappedFile file, GgufCursor cursor, long count) {
    this.file = file;
    for (long i = 0; i < count; i++) {
      String key = cursor.in("metadata pair " + i).readString();
      cursor.in(placeOf(key));
      if (values.put(key, readValue(cursor)) != null) {
        throw cursor.problem("occurs twice");
      }
    }
  }

  private static Value readValue(GgufCursor cursor) {
    GgufValueType type = readType(cursor);
    if (type != GgufValueType.ARRAY) {
      Value value = new Value(type, -1, cursor.position());
      skip(cursor, type, 1);
      return value;
    }
    GgufValueType elementType = readType(cursor);
    if (elementType == GgufValueType.ARRAY) {
      throw cursor.problem("is an array of arrays, which no model uses");
    }
    long count = cursor.readLong();
    Value value = new Value(elementType, count, cursor.position());
    skip(cursor, elementType, count);
    return value;
  }

  private static GgufValueType readType(GgufCursor cursor) {
    int number = cursor.readInt();
    return GgufValueType.of(number)
        .orElseThrow(
            () ->
                cursor.problem(
                    "value type %s at byte %s, expected 0 to %s"
                        .formatted(
                            number, cursor.position() - 4, GgufValueType.values().length - 1)));
  }

  private static void skip(GgufCursor cursor, GgufValueType type, long count) {
    int leastBytes = type == GgufValueType.STRING ? Long.BYTES : type.bytes();
    if (count < 0 || count > Long.MAX_VALUE / leastBytes) {
      throw cursor.problem("an array of " + Long.toUnsignedString(count) + " elements");
    }
    if (type == GgufValueType.STRING) {
      for (long i = 0; i < count; i++) {
        cursor.skipString();
      }
    } else {
      cursor.advance(count * type.bytes());
    }
  }

  boolean contains(String key) {
    return values.containsKey(key);
  }

  Set<String> keys() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** A number or a boolean, as 0 or 1; empty if the value is neither. */
  Optional<Double> scalar(String key) {
    @Nullable Value value = values.get(key);
    if (value == null || value.isArray()) {
      return Optional.empty();
    }
    GgufCursor cursor = at(key, value);
    return switch (value.type) {
      case BOOL -> Optional.of(cursor.readByte() == 0 ? 0. : 1.);
      case FLOAT32, FLOAT64 -> number(key).map(Float::doubleValue);
      case STRING, ARRAY -> Optional.empty();
      default -> Optional.of((double) value.type.readInteger(cursor));
    };
  }

  Optional<String> string(String key) {
    return find(key, "a string", value -> !value.isArray() && value.type == GgufValueType.STRING)
        .map(value -> at(key, value).readString());
  }

  String requiredString(String key) {
    return required(key, string(key));
  }

  /** An integer from 0 to 2^31 - 1. */
  OptionalInt integer(String key) {
    Optional<Value> found =
        find(key, "an integer", value -> !value.isArray() && value.type.isInteger());
    return found.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(toInt(key, found.get().type.readInteger(at(key, found.get()))));
  }

  int requiredInteger(String key) {
    return integer(key).orElseThrow(() -> problem(key, "is missing"));
  }

  Optional<Float> number(String key) {
    return find(
            key,
            "a floating-point number",
            value ->
                !value.isArray()
                    && (value.type == GgufValueType.FLOAT32 || value.type == GgufValueType.FLOAT64))
        .map(
            value ->
                value.type == GgufValueType.FLOAT32
                    ? Float.intBitsToFloat(at(key, value).readInt())
                    : (float) Double.longBitsToDouble(at(key, value).readLong()));
  }

  float requiredNumber(String key) {
    return required(key, number(key));
  }

  Optional<Boolean> bool(String key) {
    return find(key, "a boolean", value -> !value.isArray() && value.type == GgufValueType.BOOL)
        .map(value -> at(key, value).readByte() != 0);
  }

  /** An array of strings; empty if absent. */
  List<String> strings(String key) {
    Optional<Value> found =
        find(
            key,
            "an array of strings",
            value -> value.isArray() && value.type == GgufValueType.STRING);
    List<String> strings = new ArrayList<>();
    if (found.isPresent()) {
      GgufCursor cursor = at(key, found.get());
      for (long i = 0; i < found.get().count; i++) {
        strings.add(cursor.readString());
      }
    }
    return strings;
  }

  /** An array of integers from 0 to 2^31 - 1; empty if absent. */
  int[] integers(String key) {
    Optional<Value> found =
        find(key, "an array of integers", value -> value.isArray() && value.type.isInteger());
    int[] integers = new int[found.map(value -> arrayLength(key, value)).orElse(0)];
    if (found.isPresent()) {
      GgufCursor cursor = at(key, found.get());
      for (int i = 0; i < integers.length; i++) {
        integers[i] = toInt(key, found.get().type.readInteger(cursor));
      }
    }
    return integers;
  }

  /** An array of 32-bit floating-point numbers; empty if absent. */
  float[] numbers(String key) {
    Optional<Value> found =
        find(
            key,
            "an array of 32-bit floating-point numbers",
            value -> value.isArray() && value.type == GgufValueType.FLOAT32);
    float[] numbers = new float[found.map(value -> arrayLength(key, value)).orElse(0)];
    if (found.isPresent()) {
      GgufCursor cursor = at(key, found.get());
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Float.intBitsToFloat(cursor.readInt());
      }
    }
    return numbers;
  }

  ModelFormatException problem(String key, String problem) {
    return new ModelFormatException(file.path(), placeOf(key), problem);
  }

  private Optional<Value> find(String key, String expected, Predicate<Value> matches) {
    @Nullable Value value = values.get(key);
    if (value != null && !matches.test(value)) {
      throw problem(
          key,
          "is %s%s, expected %s"
              .formatted(value.isArray() ? "an array of " : "", value.type, expected));
    }
    return Optional.ofNullable(value);
  }

  private <T> T required(String key, Optional<T> value) {
    return value.orElseThrow(() -> problem(key, "is missing"));
  }

  private int toInt(String key, long value) {
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw problem(
          key, Long.toUnsignedString(value) + ", expected a number from 0 to " + Integer.MAX_VALUE);
    }
    return (int) value;
  }

  private int arrayLength(String key, Value array) {
    return toInt(key, array.count);
  }

  private GgufCursor at(String key, Value value) {
    return new GgufCursor(file, value.offset).in(placeOf(key));
  }

  private static String placeOf(String key) {
    return "metadata \"" + key + '"';
  }
}
