package io.nightshift.job.options;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a job file and its overrides: known keys with values of the right type, each with
 * the place where it was written.
 */
final class JobSettings {
  private final String name;
  private final Map<String, Setting> settings = new LinkedHashMap<>();
  private final Configuration configuration = new Configuration();

  /**
   * @param name of the job file, for messages
   * @param written its settings
   * @param overrides {@code key=value}, of which later ones override earlier ones; lists as in
   *     YAML: {@code answer.choices=[yes, no]}
   * @throws InvalidJobException if a key is unknown, given twice, or has a value of another type
   */
  JobSettings(String name, List<Setting> written, List<String> overrides) {
    this.name = name;
    for (Setting setting : written) {
      known(setting.place(), setting.key());
      Setting earlier = settings.put(setting.key(), setting);
      if (earlier != null) {
        throw setting.error(
            setting.key() + " is given twice, first at " + earlier.place() + "; remove one");
      }
    }
    for (String override : overrides) {
      Setting setting = parseOverride(override);
      settings.put(setting.key(), setting);
    }
    settings.values().forEach(this::convert);
  }

  /** The value, or the option's default. */
  <T> Optional<T> find(ConfigOption<T> option) {
    return Optional.ofNullable(configuration.get(option));
  }

  /** The value of an option with a default. */
  <T> T get(ConfigOption<T> option) {
    return find(option).orElseThrow();
  }

  /** The values of a map by name: null, Boolean, Number, String, and lists and maps of them. */
  Map<String, @Nullable Object> values(ConfigOption<Map<String, String>> option) {
    Map<String, @Nullable Object> values = new TreeMap<>();
    find(option)
        .ifPresent(given -> given.forEach((name, json) -> values.put(name, JsonText.value(json))));
    return values;
  }

  /** The value of an option without a default that has to be given. */
  <T> T require(ConfigOption<T> option) {
    return find(option)
        .orElseThrow(
            () ->
                new InvalidJobException(
                    name + ": " + option.key() + " is missing: " + meaning(option)));
  }

  /** All settings, by key, as text. */
  Map<String, String> given() {
    Map<String, String> given = new TreeMap<>();
    settings.values().forEach(setting -> given.put(setting.key(), setting.text()));
    return given;
  }

  /** Whether the option was given, even with its default value. */
  boolean isGiven(ConfigOption<?> option) {
    return settings.containsKey(option.key());
  }

  /**
   * Only options of this section may have been given.
   *
   * @throws InvalidJobException if another one was
   */
  void requireSection(String section) {
    for (Setting setting : settings.values()) {
      if (!setting.key().startsWith(section + ".")) {
        throw setting.error("only options of the section " + section + " can be set here");
      }
    }
  }

  /**
   * Only some options may have been given.
   *
   * @param allowed by their keys
   * @param problem of another one, for the message
   * @throws InvalidJobException if another one was
   */
  void requireOnly(Predicate<String> allowed, String problem) {
    for (Setting setting : settings.values()) {
      if (!allowed.test(setting.key())) {
        throw setting.error(setting.key() + " " + problem);
      }
    }
  }

  /** An exception about an option, with the place where it was written, if it was. */
  InvalidJobException error(ConfigOption<?> option, String problem) {
    return new InvalidJobException(place(option) + ": " + option.key() + " " + problem);
  }

  /** Where an option was written, for messages about two options. */
  String place(ConfigOption<?> option) {
    Setting setting = settings.get(option.key());
    return setting == null ? name : setting.place();
  }

  private static OptionDescription known(String place, String key) {
    return NightshiftOptions.find(key)
        .orElseThrow(() -> new InvalidJobException(place + ": " + NightshiftOptions.unknown(key)));
  }

  private static Setting parseOverride(String override) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      throw new InvalidJobException(
          "--set " + override + ": write --set key=value, for instance --set model.dtype=f32");
    }
    String key = override.substring(0, equals).strip();
    String value = override.substring(equals + 1);
    String place = "--set " + key;
    // A scalar is not read as YAML: a template such as {{ subject }} would read as a map.
    return known(place, key).form() == SettingForm.SCALAR
        ? new Setting(key, place, List.of(value), SettingForm.SCALAR)
        : YamlSettings.parseValue(key, place, value);
  }

  private void convert(Setting setting) {
    OptionDescription option = known(setting.place(), setting.key());
    if (setting.form() == SettingForm.MAP
        && option.takesMap()
        && option.form() == SettingForm.SCALAR) {
      configuration.setString(setting.key(), setting.values().get(0));
      return;
    }
    if (setting.form() == SettingForm.LIST
        && option.takesList()
        && option.form() == SettingForm.SCALAR) {
      configuration.setString(setting.key(), setting.values().toString());
      return;
    }
    if (option.form() != setting.form()) {
      throw setting.error(mustBe(option) + given(setting));
    }
    switch (option.form()) {
      case SCALAR -> convertScalar(setting, option);
      case LIST ->
          configuration.set(
              ConfigOptions.key(option.key()).stringType().asList().noDefaultValue(),
              setting.values());
      case MAP ->
          configuration.set(
              ConfigOptions.key(option.key()).mapType().noDefaultValue(), setting.entries());
    }
  }

  private static String given(Setting setting) {
    return switch (setting.form()) {
      case SCALAR -> '"' + setting.values().get(0) + '"';
      case LIST -> "a list";
      case MAP -> "a map";
    };
  }

  private void convertScalar(Setting setting, OptionDescription option) {
    String value = setting.values().get(0);
    if (value.isBlank()) {
      throw setting.error(setting.key() + " is blank; give it a value or remove it");
    }
    configuration.setString(setting.key(), value);
    try {
      configuration.get(option.option());
    } catch (IllegalArgumentException e) {
      throw setting.error(mustBe(option) + '"' + value + '"');
    }
  }

  private static String mustBe(OptionDescription option) {
    return option.key() + " must be " + option.expected() + ", but is ";
  }

  /** The first sentence of an option's description. */
  private static String meaning(ConfigOption<?> option) {
    String text = NightshiftOptions.find(option.key()).map(OptionDescription::text).orElseThrow();
    int end = text.indexOf(". ");
    return end < 0 ? text : text.substring(0, end + 1);
  }
}
