package io.nightshift.job.options;

import java.util.Locale;

/** What a run writes about itself for human readers. */
public enum ReportFormat {
  /** A page, {@code _nightshift/report.html} in the output. */
  HTML,
  /** Nothing. */
  NONE;

  /** The value as the job file writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
