package io.nightshift.runtime.engine;

import java.util.Locale;

/** Why a completion ended. */
public enum FinishReason {
  /**
   * The model generated an end-of-sequence token, a stop string appeared, or the answer was
   * complete under its constraint.
   */
  STOP,
  /**
   * {@code max-tokens} or the model's context length was reached. An answer under a constraint is
   * complete all the same, but shorter than it might have been.
   */
  LENGTH,
  /** One of the given choices was selected. */
  CHOICE,
  /** The prompt was embedded. */
  EMBEDDING,
  /** The request could not be answered; see {@link RequestError}. */
  ERROR;

  /** The value of the output column {@code finish_reason}. */
  public String columnValue() {
    return name().toLowerCase(Locale.ROOT);
  }
}
