package io.nightshift.runtime.constraint.schema;

import io.nightshift.runtime.constraint.automaton.ConstraintException;
import java.nio.charset.StandardCharsets;

/** Strings that answers, which are UTF-8, can have. */
final class Utf8 {
  private Utf8() {}

  /**
   * Checks a string of a schema, in which an escape may be half of a surrogate pair.
   *
   * @throws ConstraintException if the string has no text in UTF-8
   */
  static String require(String string) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(string)) {
      throw new ConstraintException(
          "\"%s\" has half of a surrogate pair: write both halves".formatted(escaped(string)));
    }
    return string;
  }

  private static String escaped(String string) {
    StringBuilder text = new StringBuilder();
    string
        .chars()
        .forEach(
            unit -> {
              if (Character.isSurrogate((char) unit)) {
                text.append("\\u").append(Integer.toHexString(unit));
              } else {
                text.append((char) unit);
              }
            });
    return text.toString();
  }
}
