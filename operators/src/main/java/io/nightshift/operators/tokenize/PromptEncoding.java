package io.nightshift.operators.tokenize;

import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.operators.render.RowErrorCode;
import io.nightshift.operators.render.RowException;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import io.nightshift.runtime.tokenizer.Tokenizer;

/**
 * What becomes of a rendered prompt besides its tokens: its beginning, and the limits of its
 * length. Thread-safe.
 */
public final class PromptEncoding {
  /** Maximum number of characters that tokenizers normalize to one: a letter and its accent. */
  private static final int CHARACTERS_OF_LETTER = 2;

  private final Tokenizer tokenizer;
  private final boolean plainText;
  private final PromptLimit limit;

  /**
   * @param limit a longer prompt is an error of its row
   */
  public PromptEncoding(Tokenizer tokenizer, PromptSpecification prompt, PromptLimit limit) {
    this.tokenizer = tokenizer;
    this.plainText = prompt.isPlainText();
    this.limit = limit;
  }

  /**
   * Rejects a prompt that exceeds the maximum number of tokens even if each were the longest of the
   * vocabulary: tokenizing some 10 MB takes seconds and gigabytes.
   */
  public RenderedPrompt requireShort(RenderedPrompt prompt) throws RowException {
    long characters = (long) CHARACTERS_OF_LETTER * tokenizer.longestToken() * limit.tokens();
    if (prompt.text().length() > characters) {
      throw new RowException(
          RowErrorCode.PROMPT_TOO_LONG,
          "the prompt has %s characters; %s".formatted(prompt.text().length(), limit));
    }
    return prompt;
  }

  /**
   * Completes the tokens of a prompt. A chat template writes the beginning-of-sequence token
   * itself; for other prompts the tokenizer adds it.
   *
   * @throws RowException if there are no tokens, or too many
   */
  public int[] complete(int[] encoded) throws RowException {
    if (encoded.length == 0) {
      throw new RowException(RowErrorCode.PROMPT_EMPTY, "the prompt has no tokens");
    }
    int[] tokens = plainText ? tokenizer.withBeginning(encoded) : encoded;
    if (tokens.length > limit.tokens()) {
      throw new RowException(
          RowErrorCode.PROMPT_TOO_LONG,
          "the prompt has %s tokens; %s".formatted(tokens.length, limit));
    }
    return tokens;
  }
}
