package io.nightshift.job.options;

import java.util.Locale;

/** What a model can run on. */
public enum Device {
  CPU,
  CUDA;

  /** The value as the job file writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
