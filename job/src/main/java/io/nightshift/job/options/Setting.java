package io.nightshift.job.options;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One key of the job file or of an override with the text it was given, before it is known what
 * type the key has.
 *
 * @param key dotted key
 * @param place where it was written, for messages: {@code tickets.yaml:7} or {@code --set KEY}
 * @param values the scalar's text, or the texts of a list's items, or a map as JSON
 * @param form how it was written
 */
record Setting(String key, String place, List<String> values, SettingForm form) {

  Setting {
    values = List.copyOf(values);
  }

  /** The entries of a map: their values as JSON by their names. */
  Map<String, String> entries() {
    Map<String, String> entries = new LinkedHashMap<>();
    JsonText.tree(values.get(0))
        .properties()
        .forEach(entry -> entries.put(entry.getKey(), entry.getValue().toString()));
    return entries;
  }

  /** The value as text: of a scalar or a map what was given, of a list the items in brackets. */
  String text() {
    return form == SettingForm.LIST ? values.toString() : values.get(0);
  }

  /** A complaint about this setting. */
  InvalidJobException error(String complaint) {
    return new InvalidJobException(place + ": " + complaint);
  }
}
