package io.nightshift.runtime.constraint.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.TokenMatcher;
import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Generates with random logits. */
final class RandomWalks {
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          "\"",
          "a",
          "b",
          "ab",
          "c",
          "\u00e9",
          "\ud83d\ude00",
          "\\",
          "n",
          "u00",
          "0",
          "1",
          "2",
          ".",
          "5",
          "-",
          "true",
          "false",
          "null",
          " ",
          "2024",
          "date");

  private final Vocabulary vocabulary;
  private final Random random;
  private final double[] noise;

  RandomWalks(Vocabulary vocabulary, Random random) {
    this.vocabulary = vocabulary;
    this.random = random;
    this.noise = random.doubles(3L * vocabulary.size()).toArray();
  }

  /** All single bytes, and tokens of some of them that begin and end anywhere. */
  static Vocabulary vocabulary(Random random) {
    Set<String> texts = new LinkedHashSet<>(PIECES);
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = 2 + random.nextInt(3); length > 0; length--) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      texts.add(text.toString());
    }
    List<byte[]> bytes = new ArrayList<>();
    for (int value = 0; value < 256; value++) {
      bytes.add(new byte[] {(byte) value});
    }
    // Some tokens are parts of characters.
    texts.forEach(text -> bytes.add(text.getBytes(StandardCharsets.UTF_8)));
    bytes.add(new byte[] {(byte) 0xF0, (byte) 0x9F});
    bytes.add(new byte[] {(byte) 0x98, (byte) 0x80, '"'});
    bytes.add(new byte[] {'"', (byte) 0xC3});
    bytes.add(new byte[0]);
    byte[][] all = bytes.toArray(byte[][]::new);
    return new Vocabulary(all, List.of(all.length - 1), 0, text -> longestTokens(all, text));
  }

  private static int[] longestTokens(byte[][] vocabulary, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<Integer> tokens = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += vocabulary[tokens.get(tokens.size() - 1)].length) {
      int longest = bytes[at] & 0xFF;
      for (int token = 0; token < vocabulary.length; token++) {
        int length = vocabulary[token].length;
        if (length > vocabulary[longest].length
            && at + length <= bytes.length
            && java.util.Arrays.equals(vocabulary[token], 0, length, bytes, at, at + length)) {
          longest = token;
        }
      }
      tokens.add(longest);
    }
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * An answer of at most {@code max} tokens.
   *
   * @param max at least the constraint's shortest answer
   * @param forcing whether forced tokens are appended without sampling
   */
  String generate(Constraint constraint, int max, boolean forcing) {
    TokenMatcher matcher = constraint.matcher();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int remaining = max;
    int preferences = random.nextInt(vocabulary.size());
    while (!matcher.isComplete()) {
      assertThat(matcher.shortestEnd()).as("after %s", text).isLessThanOrEqualTo(remaining);
      int[] forced = forcing ? matcher.forced(remaining) : new int[0];
      for (int token : forced) {
        text.writeBytes(vocabulary.bytes(token));
        matcher.accept(token);
      }
      remaining -= forced.length;
      if (forced.length == 0) {
        TokenMask mask = matcher.mask(remaining);
        assertThat(mask.count()).as("tokens after %s", text).isPositive();
        int token = best(mask, preferences);
        assertThat(token < vocabulary.size()).isTrue();
        matcher.accept(token);
        text.writeBytes(vocabulary.bytes(token));
        remaining -= vocabulary.isEnd(token) ? 0 : 1;
      }
      assertThat(remaining).as("tokens left after %s", text).isNotNegative();
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private int best(TokenMask mask, int preferences) {
    int best = -1;
    double most = -1;
    int step = random.nextInt(vocabulary.size());
    for (int token = 0; token < vocabulary.size(); token++) {
      double logit = noise[token + preferences] + 2 * noise[token + step];
      if (mask.contains(token) && logit > most) {
        best = token;
        most = logit;
      }
    }
    return best;
  }
}
