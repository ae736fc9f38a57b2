package io.nightshift.job.options;

import java.util.Locale;

/** Whitespace in answers that are JSON. */
public enum AnswerWhitespace {
  /** None. */
  COMPACT,
  /** One space after a colon or comma where the model writes it. */
  SPACES;

  /** The value as the job file writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
