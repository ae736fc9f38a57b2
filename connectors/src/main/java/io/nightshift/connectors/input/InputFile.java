package io.nightshift.connectors.input;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file of an input, with its state when the job was submitted. */
public interface InputFile {
  /** With its file system's scheme. */
  String path();

  /** In bytes. */
  long length();

  /** In milliseconds since the epoch, as the file system reports it. */
  long modificationTime();

  /**
   * The {@code key=value} folders between the input path and the file; null for Hive's null. Sorted
   * by key.
   */
  Map<String, @Nullable String> folders();

  /** The number of rows in the file. */
  long rows();

  /** Every row of the file has a number from 0 to below this one, by which it is known. */
  default long rowNumbers() {
    return rows();
  }
}
