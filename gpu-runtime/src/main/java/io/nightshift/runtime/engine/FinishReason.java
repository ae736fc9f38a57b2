package io.nightshift.runtime.engine;

import java.util.Locale;

/** Why a completion ended. */
public enum FinishReason {
  /** The model generated an end-of-sequence token, or a stop string appeared. */
  STOP,
  /** {@code max-tokens} or the model's context length was reached. */
  LENGTH,
  /** One of the given choices was selected. */
  CHOICE,
  /** The request could not be answered; see {@link RequestError}. */
  ERROR;

  /** The value of the output column {@code finish_reason}. */
  public String columnValue() {
    return name().toLowerCase(Locale.ROOT);
  }
}
