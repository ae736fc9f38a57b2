package io.nightshift.runtime.engine;

/** Why a request could not be answered; the value of the output column {@code error_code}. */
public enum RequestError {
  /** The prompt has no tokens. */
  EMPTY_PROMPT,
  /**
   * Prompt and first output token, or prompt and choices, exceed the model's context or the KV
   * cache.
   */
  PROMPT_TOO_LONG,
  /** One choice alone has more tokens than a step can have. */
  CHOICE_TOO_LONG,
  /** A token id is not in the model's vocabulary. */
  INVALID_TOKEN,
  /** The model's logits are not finite numbers: its arithmetic has overflowed on this prompt. */
  INVALID_LOGITS
}
