package io.nightshift.runtime.engine;

/**
 * Why a request could not be answered. In lower case, the value of the output column {@code
 * error_code}.
 */
public enum RequestError {
  /** The prompt has no tokens. */
  EMPTY_PROMPT,
  /**
   * Prompt and first output token, prompt and choices, or a prompt to embed exceed the context
   * length of the model or the KV cache.
   */
  PROMPT_TOO_LONG,
  /** A single choice has more tokens than fit into a step. */
  CHOICE_TOO_LONG,
  /**
   * The shortest answer under the constraint, with the mark that ends the reasoning before it,
   * exceeds {@code max-tokens}, or what the prompt leaves of the context length of the model or the
   * KV cache.
   */
  CONSTRAINT_TOO_LONG,
  /**
   * An answer under a constraint follows reasoning whose start mark is not a token, and does not
   * stand at the end of the prompt.
   */
  REASONING_NOT_BEGUN,
  /** A token id is not in the model's vocabulary. */
  INVALID_TOKEN,
  /**
   * The logits or hidden states are not finite: the arithmetic of the model has overflowed for this
   * prompt.
   */
  INVALID_LOGITS
}
