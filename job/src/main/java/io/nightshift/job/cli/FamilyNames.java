package io.nightshift.job.cli;

import io.nightshift.connectors.input.NearestName;
import io.nightshift.runtime.model.huggingface.families.SupportedFamily;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What families of models are called: by their {@code model_type}, or by their titles, of which one
 * may list several names. Case, spaces and signs do not count, so that {@code "Gemma 3"}, {@code
 * gemma-3} and {@code gemma3} are the same.
 */
final class FamilyNames {
  private FamilyNames() {}

  /** The family of that name. */
  static Optional<SupportedFamily> find(String name) {
    return Arrays.stream(SupportedFamily.values())
        .filter(family -> of(family).anyMatch(known -> plain(known).equals(plain(name))))
        .findFirst();
  }

  /** A name that is similar to {@code name}, which no family has. */
  static Optional<String> nearest(String name) {
    List<String> names =
        Arrays.stream(SupportedFamily.values())
            .flatMap(family -> family.modelTypes().stream())
            .toList();
    return NearestName.of(name.toLowerCase(Locale.ROOT), names);
  }

  private static Stream<String> of(SupportedFamily family) {
    return Stream.of(
            family.modelTypes().stream(),
            Stream.of(family.title(), family.name()),
            Arrays.stream(family.title().split(",")))
        .flatMap(names -> names);
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]", "");
  }
}
