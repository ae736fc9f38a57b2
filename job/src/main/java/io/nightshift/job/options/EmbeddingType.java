package io.nightshift.job.options;

import java.util.Locale;

/** Type of the elements of an embedding in the output. */
public enum EmbeddingType {
  FLOAT32,
  FLOAT16;

  /** As a job file has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
