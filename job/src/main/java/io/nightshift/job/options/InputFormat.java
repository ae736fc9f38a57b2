package io.nightshift.job.options;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Format of the input files. */
public enum InputFormat {
  /** Apache Parquet. */
  PARQUET(".*\\.(parquet|parq|pq)"),
  /** JSON Lines: one JSON object on each line; files may be compressed. */
  JSONL(".*\\.(jsonl|ndjson|jsonlines|json)(\\.\\w+)?");

  private final Pattern names;

  InputFormat(String names) {
    this.names = Pattern.compile(names);
  }

  /** The format that a file's name says; empty if it says none. */
  public static Optional<InputFormat> ofName(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> format.names.matcher(name).matches())
        .findFirst();
  }

  /** The value as the job file writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
