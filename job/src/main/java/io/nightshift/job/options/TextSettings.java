package io.nightshift.job.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;

/**
 * Settings that are texts by dotted keys, as in the {@code WITH} clauses of SQL.
 *
 * @param place where they were written, for messages
 */
public record TextSettings(String place) {

  /**
   * The settings: lists are read as Flink reads them, maps as YAML.
   *
   * @throws InvalidJobException if a key is unknown, or a value is not one
   */
  List<Setting> parse(Map<String, String> options) {
    List<Setting> settings = new ArrayList<>();
    new TreeMap<>(options).forEach((key, value) -> settings.add(setting(key, value)));
    return settings;
  }

  private Setting setting(String key, String value) {
    OptionDescription option =
        NightshiftOptions.find(key)
            .orElseThrow(
                () -> new InvalidJobException(place + ": " + NightshiftOptions.unknown(key)));
    return switch (option.form()) {
      case SCALAR -> new Setting(key, place, List.of(value), SettingForm.SCALAR);
      case LIST -> new Setting(key, place, list(place, key, value), SettingForm.LIST);
      case MAP -> YamlSettings.parseValue(key, place, value);
    };
  }

  /**
   * The items of a list. One with a semicolon stands in double quotes.
   *
   * @throws InvalidJobException if quotes are not closed
   */
  public static List<String> list(String place, String key, String value) {
    try {
      return Configuration.fromMap(Map.of(key, value))
          .get(ConfigOptions.key(key).stringType().asList().noDefaultValue());
    } catch (IllegalArgumentException e) {
      throw new InvalidJobException(
          "%s: %s must be a list such as a;b;c, but is \"%s\"".formatted(place, key, value), e);
    }
  }
}
