package io.nightshift.job.options;

import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.description.TextElement;

/**
 * An option with the type that Flink's {@link ConfigOption} keeps to itself.
 *
 * @param option the option
 * @param type of its value, or of the items if it is a list
 * @param list whether the value is a list
 */
record OptionDescription(ConfigOption<?> option, Class<?> type, boolean list) {

  /** The option that a {@code public static final ConfigOption<...>} field holds. */
  static OptionDescription of(Field field) {
    Type valueType = ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
    boolean list = valueType instanceof ParameterizedType;
    Type itemType =
        valueType instanceof ParameterizedType parameterized
            ? parameterized.getActualTypeArguments()[0]
            : valueType;
    try {
      return new OptionDescription((ConfigOption<?>) field.get(null), (Class<?>) itemType, list);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("option field " + field + " is not public", e);
    }
  }

  String key() {
    return option.key();
  }

  /** What the option means, as plain text. */
  String text() {
    return option.description().getBlocks().stream()
        .map(block -> ((TextElement) block).getFormat())
        .collect(Collectors.joining(" "));
  }

  /** What a value must be, to be read behind "must be". */
  String expected() {
    return list ? "a list of strings" : scalarName();
  }

  /** The default as the job file would write it, or an empty string if there is none. */
  String defaultText() {
    return option.hasDefaultValue() ? String.valueOf(option.defaultValue()) : "";
  }

  private String scalarName() {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(Object::toString)
          .collect(Collectors.joining(" or "));
    }
    if (type == Integer.class || type == Long.class) {
      return "an integer";
    }
    if (type == Double.class) {
      return "a number";
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == MemorySize.class) {
      return "a memory size such as 512mb";
    }
    return "a string";
  }
}
