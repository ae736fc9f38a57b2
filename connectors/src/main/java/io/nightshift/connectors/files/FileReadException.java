package io.nightshift.connectors.files;

import java.io.IOException;

/** A file cannot be read. The message names the file, and the column if there is one. */
public final class FileReadException extends IOException {
  private static final long serialVersionUID = 1;

  private final String file;

  public FileReadException(String file, String problem) {
    super(file + ": " + problem);
    this.file = file;
  }

  public FileReadException(String file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
    this.file = file;
  }

  /** A column cannot be read; {@code column} is its dotted path in the file. */
  public static FileReadException ofColumn(String file, String column, String problem) {
    return new FileReadException(file, "column " + column + " " + problem);
  }

  /** The file, or the path at which there is none. */
  public String file() {
    return file;
  }
}
