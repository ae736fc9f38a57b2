package io.nightshift.job.options;

/** What a model can run on. */
public enum Device {
  CPU("cpu"),
  CUDA("cuda");

  private final String optionValue;

  Device(String optionValue) {
    this.optionValue = optionValue;
  }

  /** The value as the job file writes it. */
  @Override
  public String toString() {
    return optionValue;
  }
}
