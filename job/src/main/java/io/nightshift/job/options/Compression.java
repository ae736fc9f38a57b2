package io.nightshift.job.options;

/** Compression of Parquet pages. */
public enum Compression {
  ZSTD("zstd"),
  SNAPPY("snappy"),
  GZIP("gzip"),
  LZ4_RAW("lz4_raw"),
  NONE("none");

  private final String optionValue;

  Compression(String optionValue) {
    this.optionValue = optionValue;
  }

  /** The value as the job file writes it. */
  @Override
  public String toString() {
    return optionValue;
  }
}
