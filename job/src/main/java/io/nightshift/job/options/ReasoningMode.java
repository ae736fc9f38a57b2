package io.nightshift.job.options;

import java.util.Locale;

/** What becomes of the reasoning of a model that thinks before it answers. */
public enum ReasoningMode {
  /** It stays in the completion. */
  KEEP,
  /** It goes to a column of its own. */
  COLUMN,
  /** It is not written. */
  DROP;

  /** As a job file has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
