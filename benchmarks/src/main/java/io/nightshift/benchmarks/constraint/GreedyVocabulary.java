package io.nightshift.benchmarks.constraint;

import io.nightshift.runtime.constraint.mask.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A vocabulary without its tokenizer: texts are divided into the longest token at each place. One
 * token is added, which ends answers.
 */
final class GreedyVocabulary {
  private final Map<String, Integer> tokens = new HashMap<>();
  private final int end;
  private final Vocabulary vocabulary;
  private int longest;

  /**
   * @param bytes the bytes of each token; a token without bytes is not used
   */
  GreedyVocabulary(byte[][] bytes) {
    end = bytes.length;
    byte[][] withEnd = new byte[bytes.length + 1][];
    withEnd[end] = new byte[0];
    for (int token = 0; token < bytes.length; token++) {
      withEnd[token] = bytes[token];
      if (bytes[token].length > 0) {
        tokens.putIfAbsent(key(bytes[token], 0, bytes[token].length), token);
        longest = Math.max(longest, bytes[token].length);
      }
    }
    vocabulary = new Vocabulary(withEnd, List.of(end), /* leadingSpaces= */ 0, this::encode);
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The token that ends answers. */
  int end() {
    return end;
  }

  /**
   * The tokens of a text.
   *
   * @throws IllegalArgumentException if a byte is the beginning of no token
   */
  int[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    IntStream.Builder result = IntStream.builder();
    for (int start = 0; start < bytes.length; ) {
      int length = Math.min(longest, bytes.length - start);
      Integer token = tokens.get(key(bytes, start, length));
      while (token == null && length > 1) {
        length--;
        token = tokens.get(key(bytes, start, length));
      }
      if (token == null) {
        throw new IllegalArgumentException("no token begins with byte " + bytes[start]);
      }
      result.add(token);
      start += length;
    }
    return result.build().toArray();
  }

  private static String key(byte[] bytes, int start, int length) {
    return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
  }
}
