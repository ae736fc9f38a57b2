package io.nightshift.runtime.config;

import java.util.Locale;

/** Device that runs the model. */
public enum Device {
  CPU,
  CUDA;

  /** The value as it is written in a job file. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
