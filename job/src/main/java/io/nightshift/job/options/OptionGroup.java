package io.nightshift.job.options;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/**
 * The options of one section of the job file.
 *
 * @param section first part of the keys
 * @param introduction what the section is about, one sentence
 * @param options in the order of their declaration
 */
record OptionGroup(String section, String introduction, List<OptionDescription> options) {

  OptionGroup {
    options = List.copyOf(options);
  }

  /** The options that a holder class declares as public constants. */
  static OptionGroup of(String section, String introduction, Class<?> holder) {
    List<OptionDescription> options =
        Arrays.stream(holder.getDeclaredFields())
            .filter(field -> field.getType() == ConfigOption.class)
            .filter(field -> Modifier.isPublic(field.getModifiers()))
            .map(OptionDescription::of)
            .toList();
    return new OptionGroup(section, introduction, options);
  }
}
