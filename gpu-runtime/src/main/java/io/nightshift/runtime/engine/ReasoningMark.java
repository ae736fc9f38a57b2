package io.nightshift.runtime.engine;

import io.nightshift.runtime.tokenizer.RenderedPrompt;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.io.Serializable;

/**
 * A mark that begins or ends the reasoning of a model. A mark that is one token of the vocabulary
 * is recognized as that token only; another one is recognized in the text, however it is tokenized.
 *
 * @param text the mark
 * @param tokens its token ids, at least one
 */
public record ReasoningMark(String text, int[] tokens) implements Serializable {

  /**
   * Tokenizes a mark.
   *
   * @throws IllegalArgumentException if the text has no tokens
   */
  public static ReasoningMark of(String text, Tokenizer tokenizer) {
    int[] tokens = tokenizer.encodePrompt(RenderedPrompt.trusted(text));
    if (tokens.length == 0) {
      throw new IllegalArgumentException("the mark \"" + text + "\" has no tokens");
    }
    return new ReasoningMark(text, tokens);
  }

  /** Whether the mark is one token. */
  boolean isToken() {
    return tokens.length == 1;
  }

  /** Whether the token is the mark. */
  boolean is(int token) {
    return isToken() && tokens[0] == token;
  }
}
