package io.nightshift.runtime.constraint;

import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.constraint.matcher.Enumeration;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The tokens of the values of enumerated fields, after what all of them have in common. */
final class FieldTokens {
  private final Vocabulary vocabulary;
  private final ConcurrentMap<Enumeration, List<int[]>> tokens = new ConcurrentHashMap<>();

  FieldTokens(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** The tokens of each value. Empty if those of one are the beginning of those of another. */
  List<int[]> of(Enumeration enumeration) {
    return tokens.computeIfAbsent(enumeration, this::encode);
  }

  private List<int[]> encode(Enumeration enumeration) {
    List<int[]> encoded = new ArrayList<>();
    for (String text : enumeration.texts()) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      int written = enumeration.common();
      encoded.add(
          vocabulary.encode(
              new String(bytes, written, bytes.length - written, StandardCharsets.UTF_8)));
    }
    for (int[] tokens : encoded) {
      for (int[] other : encoded) {
        if (tokens != other && startsWith(other, tokens)) {
          return List.of();
        }
      }
    }
    return List.copyOf(encoded);
  }

  private static boolean startsWith(int[] tokens, int[] beginning) {
    return tokens.length >= beginning.length
        && Arrays.equals(tokens, 0, beginning.length, beginning, 0, beginning.length);
  }
}
