package io.nightshift.job.options;

import java.util.Locale;

/** Precision of the matrix products. */
public enum DataType {
  F32,
  BF16;

  /** The value as the job file writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
