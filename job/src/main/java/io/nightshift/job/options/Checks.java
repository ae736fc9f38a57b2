package io.nightshift.job.options;

import io.nightshift.job.storage.PathText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.core.fs.Path;

/** Checks of single settings; each complaint names the place, the key and what is allowed. */
final class Checks {
  /** In object storage a key of its own, which Flink's paths make another key of. */
  private static final Pattern EMPTY_NAME = Pattern.compile("(s3a?|gs|abfss?)://[^/]*(/.*)?//.*");

  private final JobSettings settings;

  Checks(JobSettings settings) {
    this.settings = settings;
  }

  /** The value, which must be from {@code least} to {@code most}. */
  <T extends Comparable<T>> T between(ConfigOption<T> option, T least, T most) {
    T value = settings.require(option);
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw outOfRange(option, value, "from " + least + " to " + most);
    }
    return value;
  }

  /** The value, which must be {@code least} or more. */
  <T extends Comparable<T>> T atLeast(ConfigOption<T> option, T least) {
    T value = settings.require(option);
    if (value.compareTo(least) < 0) {
      throw outOfRange(option, value, "at least " + least);
    }
    return value;
  }

  /** The value, which must be over 0 and no more than {@code most}. */
  double positive(ConfigOption<Double> option, double most) {
    double value = settings.require(option);
    if (!(value > 0 && value <= most)) {
      throw outOfRange(option, value, "over 0 and at most " + most);
    }
    return value;
  }

  /** Of these two only one may be given. */
  void exclusive(ConfigOption<?> one, ConfigOption<?> other) {
    if (settings.isGiven(one) && settings.isGiven(other)) {
      throw settings.error(
          other,
          "cannot go with " + one.key() + " (" + settings.place(one) + "); remove one of them");
    }
  }

  /** The option is known, but what it asks for is not in this version. */
  void notYet(ConfigOption<?> option, String remedy) {
    if (settings.isGiven(option)) {
      throw settings.error(option, "is not supported by this version yet; " + remedy);
    }
  }

  /** No text of a list may be blank or there twice. */
  void distinctTexts(ConfigOption<List<String>> option, List<String> texts) {
    Set<String> seen = new HashSet<>();
    for (String text : texts) {
      if (text.isEmpty()) {
        throw settings.error(option, "has an empty item; remove it");
      }
      if (!seen.add(text)) {
        throw settings.error(option, "has \"" + text + "\" twice; remove one");
      }
    }
  }

  /** The path that a value means, which must be one that Flink's file systems can reach. */
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
