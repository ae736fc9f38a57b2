package io.nightshift.operators.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** Texts of tokens as UTF-8, each made once. Not thread-safe. */
final class TokenTexts {
  private final IntFunction<String> texts;
  private final Map<Integer, byte[]> known = new HashMap<>();

  /**
   * @param texts the text of a token by its id
   */
  TokenTexts(IntFunction<String> texts) {
    this.texts = texts;
  }

  byte[] of(int token) {
    return known.computeIfAbsent(token, id -> texts.apply(id).getBytes(UTF_8));
  }
}
