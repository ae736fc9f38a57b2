package io.nightshift.runtime.bench;

import io.nightshift.runtime.model.random.SplitMix64;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A byte-level vocabulary of any size, for models with random weights, which have no tokenizer: all
 * bytes, runs of JSON's punctuation, the words of a text, numbers of two and three digits, and
 * generated words up to the size. As in trained vocabularies, no token has letters and punctuation.
 * A text is cut into the longest tokens, from left to right.
 */
public final class SyntheticVocabulary {
  private static final int BYTES = 256;
  private static final List<String> PUNCTUATION =
      List.of(
          "\":\"", "\",\"", "\":", "\",", ",\"", ":\"", "{\"", "\"}", "\":{\"", "\"},\"", "},\"",
          "\":[\"", "[\"", "\"]", "\"],\"", "\"],", "],\"", "\"}}", "}}", "\":[", "\":{", "{}",
          "[]", "\"\"", "\":[{\"", "\"}]", "\"},{\"", "},{\"");
  private static final String[] CONSONANTS = "b c d f g h l m n p r s t v st tr".split(" ");
  private static final String[] VOWELS = "a e i o u ai ea ou ä é ø ñ ж и 日 本".split(" ");
  private static final int MAX_SYLLABLES = 4;
  private static final Pattern WORD = Pattern.compile("[A-Za-z]{2,}");

  private final byte[][] tokens;
  private final Map<String, Integer> ids = new HashMap<>();
  private int next;
  private int longest = 1;

  /**
   * @param size number of tokens
   * @param endTokens ids that have no bytes
   * @param text whose words are tokens
   * @throws IllegalArgumentException if there is no room for all bytes
   */
  public SyntheticVocabulary(int size, Set<Integer> endTokens, String text) {
    if (size - endTokens.size() < BYTES) {
      throw new IllegalArgumentException(
          "a vocabulary of bytes has %s tokens or more that end no answer, not %s"
              .formatted(BYTES, size - endTokens.size()));
    }
    tokens = new byte[size][0];
    for (int value = 0; value < BYTES; value++) {
      add(new byte[] {(byte) value}, endTokens);
    }
    PUNCTUATION.forEach(run -> addWord(run, endTokens));
    for (Matcher word = WORD.matcher(text); word.find(); ) {
      addWord(word.group(), endTokens);
      addWord(" " + word.group(), endTokens);
    }
    for (int number = 10; number < 1000; number++) {
      addWord(Integer.toString(number), endTokens);
    }
    for (long seed = 0; next < size; seed++) {
      addWord(word(SplitMix64.hash(seed)), endTokens);
    }
  }

  private void addWord(String word, Set<Integer> endTokens) {
    add(word.getBytes(StandardCharsets.UTF_8), endTokens);
  }

  private void add(byte[] token, Set<Integer> endTokens) {
    while (endTokens.contains(next)) {
      next++;
    }
    String key = key(token, 0, token.length);
    if (next < tokens.length && ids.putIfAbsent(key, next) == null) {
      tokens[next++] = token;
      longest = Math.max(longest, token.length);
    }
  }

  /** A word of up to four syllables, with or without a space before it. */
  private static String word(long random) {
    long left = random >>> 1;
    StringBuilder word = new StringBuilder(left % 2 == 0 ? " " : "");
    left /= 2;
    long syllables = 1 + left % MAX_SYLLABLES;
    left /= MAX_SYLLABLES;
    for (int i = 0; i < syllables; i++) {
      word.append(CONSONANTS[(int) (left % CONSONANTS.length)]);
      left /= CONSONANTS.length;
      word.append(VOWELS[(int) (left % VOWELS.length)]);
      left /= VOWELS.length;
    }
    return word.toString();
  }

  /** The bytes of each token. */
  public byte[][] tokens() {
    return tokens;
  }

  /** The tokens of a text. */
  public int[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    IntStream.Builder encoded = IntStream.builder();
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(longest, bytes.length - at);
      Integer token = ids.get(key(bytes, at, length));
      while (token == null) {
        token = ids.get(key(bytes, at, --length));
      }
      encoded.add(token);
      at += length;
    }
    return encoded.build().toArray();
  }

  /** Some bytes as a key of a map. */
  private static String key(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
  }
}
