package io.nightshift.connectors.parquet.file;

import java.io.IOException;

/** A Parquet file cannot be read. The message names the file, and the column if there is one. */
public final class ParquetReadException extends IOException {
  private static final long serialVersionUID = 1;

  public ParquetReadException(String file, String problem) {
    super(file + ": " + problem);
  }

  public ParquetReadException(String file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }

  /** A column cannot be read; {@code column} is its dotted path in the file. */
  public static ParquetReadException ofColumn(String file, String column, String problem) {
    return new ParquetReadException(file, "column " + column + " " + problem);
  }
}
