package io.nightshift.job.options;

import java.util.Locale;

/** Format of the input files. */
public enum InputFormat {
  /** Apache Parquet. */
  PARQUET,
  /** JSON Lines: one JSON object on each line. */
  JSONL;

  /** The value as the job file writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
