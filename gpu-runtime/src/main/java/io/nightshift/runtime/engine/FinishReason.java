package io.nightshift.runtime.engine;

import java.util.Locale;

/** Why a completion ended. */
public enum FinishReason {
  /** The model ended its turn, or a stop string appeared. */
  STOP,
  /** {@code max-tokens} or the model's context length was reached. */
  LENGTH,
  /** One of the given choices was picked. */
  CHOICE,
  /** The request could not be answered; the row says why. */
  ERROR;

  /** The value of the output column {@code finish_reason}. */
  public String columnValue() {
    return name().toLowerCase(Locale.ROOT);
  }
}
