package io.nightshift.job.options;

import java.util.Locale;

/** Order of the output rows. */
public enum OutputOrder {
  /** As they are answered. */
  ANY,
  /** As in the input: by file, then by row number. */
  INPUT;

  /** The value as the job file writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
