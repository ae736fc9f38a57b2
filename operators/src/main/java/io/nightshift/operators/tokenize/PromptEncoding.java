package io.nightshift.operators.tokenize;

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
  private final PromptLimit limit;

  /**
   * @param limit a longer prompt is an error of its row
   */
  public PromptEncoding(Tokenizer tokenizer, PromptLimit limit) {
    this.tokenizer = tokenizer;
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
   * Completes the tokens of a prompt.
   *
   * @param beginning whether the tokenizer adds the beginning-of-sequence token, if the model has
   *     one; a chat template writes it itself
   * @throws RowException if there are no tokens, or too many
   */
  public int[] complete(int[] encoded, boolean beginning) throws RowException {
    return requireFitting(
        beginning && encoded.length > 0 ? tokenizer.withBeginning(encoded) : encoded);
  }

  /**
   * Returns the tokens of a prompt.
   *
   * @throws RowException if there are none, or too many
   */
  public int[] requireFitting(int[] tokens) throws RowException {
    if (tokens.length == 0) {
      throw new RowException(RowErrorCode.PROMPT_EMPTY, "the prompt has no tokens");
    }
    if (tokens.length > limit.tokens()) {
      throw new RowException(
          RowErrorCode.PROMPT_TOO_LONG,
          "the prompt has %s tokens; %s".formatted(tokens.length, limit));
    }
    return tokens;
  }
}
