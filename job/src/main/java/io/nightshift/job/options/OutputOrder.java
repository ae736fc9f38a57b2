package io.nightshift.job.options;

import java.util.Locale;

/** In which order rows are written. */
public enum OutputOrder {
  /** As they are answered. */
  ANY,
  /** As in the input: by file, then by number. */
  INPUT;

  /** The value as the job file writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
