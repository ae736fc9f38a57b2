package io.nightshift.job.options;

import java.util.Locale;

/** Precision of the matrix products. */
public enum DataType {
  F32,
  BF16,
  /** e4m3 with a scale for each output channel and each token. */
  FP8;

  /** Whether the device's runner has this precision. */
  public boolean runsOn(Device device) {
    return this == BF16 || (this == FP8) == (device == Device.CUDA);
  }

  /** The value as the job file writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
