package io.nightshift.job.options;

import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.description.TextElement;

/**
 * An option with the type that Flink's {@link ConfigOption} keeps to itself.
 *
 * @param option the option
 * @param type of its value, or of the items if it is a list or a map
 * @param form of the value
 */
record OptionDescription(ConfigOption<?> option, Class<?> type, SettingForm form) {

  /** The option that a {@code public static final ConfigOption<...>} field holds. */
  static OptionDescription of(Field field) {
    Type valueType = ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
    SettingForm form = SettingForm.SCALAR;
    Type itemType = valueType;
    if (valueType instanceof ParameterizedType parameterized) {
      form = parameterized.getRawType() == Map.class ? SettingForm.MAP : SettingForm.LIST;
      itemType = parameterized.getActualTypeArguments()[0];
    }
    try {
      return new OptionDescription((ConfigOption<?>) field.get(null), (Class<?>) itemType, form);
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

  /** Whether the value may be written as a map. */
  boolean takesMap() {
    return form == SettingForm.MAP || key().equals(AnswerOptions.JSON_SCHEMA.key());
  }

  /** Whether the value may be written as a list. */
  boolean takesList() {
    return form == SettingForm.LIST || key().equals(EngineOptions.GPUS.key());
  }

  /** What a value must be, to be read behind "must be". */
  String expected() {
    return switch (form) {
      case SCALAR ->
          takesMap() ? "a map or a string" : takesList() ? "a string or a list" : scalarName();
      case LIST -> "a list of strings";
      case MAP -> "a map";
    };
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
