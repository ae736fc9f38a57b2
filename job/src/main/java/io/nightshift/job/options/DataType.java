package io.nightshift.job.options;

/** Precision of the matrix products. */
public enum DataType {
  F32("f32"),
  BF16("bf16");

  private final String optionValue;

  DataType(String optionValue) {
    this.optionValue = optionValue;
  }

  /** The value as the job file writes it. */
  @Override
  public String toString() {
    return optionValue;
  }
}
