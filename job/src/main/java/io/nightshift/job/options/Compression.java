package io.nightshift.job.options;

import java.util.Locale;

/** Compression of Parquet pages. */
public enum Compression {
  ZSTD,
  SNAPPY,
  GZIP,
  LZ4_RAW,
  NONE;

  /** The value as the job file writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
