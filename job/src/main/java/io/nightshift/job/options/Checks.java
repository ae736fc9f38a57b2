package io.nightshift.job.options;

import io.nightshift.job.storage.PathText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.core.fs.Path;

/** Checks of single settings. Each message names the place, the key and what is allowed. */
final class Checks {
  /** In object storage a different key, which Flink's paths normalize to another one. */
  private static final Pattern EMPTY_NAME = Pattern.compile("(s3a?|gs|abfss?)://[^/]*(/.*)?//.*");

  private final JobSettings settings;

  Checks(JobSettings settings) {
    this.settings = settings;
  }

  /** The value, which must be from {@code minimum} to {@code maximum}. */
  <T extends Comparable<T>> T between(ConfigOption<T> option, T minimum, T maximum) {
    T value = settings.require(option);
    if (value.compareTo(minimum) < 0 || value.compareTo(maximum) > 0) {
      throw outOfRange(option, value, "from " + minimum + " to " + maximum);
    }
    return value;
  }

  /** The value, which must be {@code minimum} or more. */
  <T extends Comparable<T>> T atLeast(ConfigOption<T> option, T minimum) {
    T value = settings.require(option);
    if (value.compareTo(minimum) < 0) {
      throw outOfRange(option, value, "at least " + minimum);
    }
    return value;
  }

  /** The value, which must be over 0 and no more than {@code maximum}. */
  double positive(ConfigOption<Double> option, double maximum) {
    double value = settings.require(option);
    if (!(value > 0 && value <= maximum)) {
      throw outOfRange(option, value, "over 0 and at most " + maximum);
    }
    return value;
  }

  /** Only one of these two may be given. */
  void exclusive(ConfigOption<?> one, ConfigOption<?> other) {
    if (settings.isGiven(one) && settings.isGiven(other)) {
      throw settings.error(
          other,
          "cannot go with " + one.key() + " (" + settings.place(one) + "); remove one of them");
    }
  }

  /** No text of a list may be empty or occur twice. */
  void distinctTexts(ConfigOption<List<String>> option, List<String> texts) {
    if (texts.contains("")) {
      throw settings.error(option, "has an empty item; remove it");
    }
    distinctNames(option, texts);
  }

  /** No name of a list may occur twice; columns may have an empty one. */
  void distinctNames(ConfigOption<List<String>> option, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw settings.error(option, "has \"" + name + "\" twice; remove one");
      }
    }
  }

  /** The path that a value denotes, which Flink's file systems must be able to reach. */
  Path path(ConfigOption<String> option, String value) {
    if (EMPTY_NAME.matcher(value).matches()) {
      throw settings.error(
          option,
          "has an empty name between two slashes, which Flink's file systems cannot reach: "
              + value
              + "; remove one of the slashes");
    }
    try {
      return PathText.parse(value);
    } catch (IllegalArgumentException e) {
      throw settings.error(option, String.valueOf(e.getMessage()));
    }
  }

  private InvalidJobException outOfRange(ConfigOption<?> option, Object value, String allowed) {
    return settings.error(option, "is " + value + ", but must be " + allowed);
  }
}
