package io.nightshift.runtime.tokenizer.gguf;

import io.nightshift.runtime.model.ModelFormatException;

/** Values of {@code tokenizer.ggml.token_type}: SentencePiece's types of pieces. */
enum TokenType {
  NORMAL,
  UNKNOWN,
  CONTROL,
  USER_DEFINED,
  UNUSED,
  BYTE;

  static TokenType of(int value, int token) {
    if (value < 1 || value > values().length) {
      throw new ModelFormatException(
          "tokenizer.ggml.token_type["
              + token
              + "] is "
              + value
              + "; expected 1 (normal) to "
              + values().length
              + " (byte)");
    }
    return values()[value - 1];
  }
}
