package io.nightshift.runtime.constraint.schema;

import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.constraint.Constraints;
import io.nightshift.runtime.constraint.TokenMatcher;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whether the automaton of a schema accepts a text, byte by byte. */
final class AcceptedTexts {
  private static final int END = 256;
  private static final Vocabulary BYTES =
      new Vocabulary(bytes(), List.of(END), 0, text -> tokens(text));

  private final Constraint constraint;

  AcceptedTexts(String schema) {
    constraint = Constraints.compile(new ConstraintSpecification.JsonSchema(schema, false), BYTES);
  }

  private static byte[][] bytes() {
    byte[][] bytes = new byte[END + 1][];
    for (int value = 0; value < END; value++) {
      bytes[value] = new byte[] {(byte) value};
    }
    bytes[END] = new byte[0];
    return bytes;
  }

  private static int[] tokens(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      tokens[i] = bytes[i] & 0xFF;
    }
    return tokens;
  }

  boolean contains(String text) {
    TokenMatcher matcher = constraint.matcher();
    for (int token : tokens(text)) {
      try {
        matcher.accept(token);
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    return matcher.shortestEnd() == 0;
  }
}
