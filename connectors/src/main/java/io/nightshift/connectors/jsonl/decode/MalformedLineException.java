package io.nightshift.connectors.jsonl.decode;

/** A line is not what its format asks for. The message names the place in the line. */
public final class MalformedLineException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param column in bytes, from 1
   */
  MalformedLineException(int column, String problem) {
    super("column " + column + ": " + problem);
  }
}
