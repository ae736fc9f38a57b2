package io.nightshift.job.options;

import java.util.List;

/**
 * One key of the job file or of an override with the text it was given, before it is known what
 * type the key has.
 *
 * @param key dotted key
 * @param place where it was written, for messages: {@code tickets.yaml:7} or {@code --set KEY}
 * @param values the scalar's text, or the texts of a list's items
 * @param list whether it was written as a list
 */
record Setting(String key, String place, List<String> values, boolean list) {

  Setting {
    values = List.copyOf(values);
  }

  /** A complaint about this setting. */
  InvalidJobException error(String complaint) {
    return new InvalidJobException(place + ": " + complaint);
  }
}
