package io.nightshift.connectors.jsonl.decode;

import io.nightshift.connectors.jsonl.file.LineReader;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns lines into the values of columns. */
public interface LineParser extends Serializable {
  /**
   * The values of a line by column: null, Boolean, Long, BigInteger, Double, String, byte[] of
   * UTF-8, and lists and maps of them. Columns that the line lacks are not in it.
   *
   * @throws MalformedLineException saying what is wrong in the line, and at which byte
   */
  Map<String, @Nullable Object> parse(byte[] buffer, int start, int length)
      throws MalformedLineException;

  /** A parser that need not give the values of other columns. */
  LineParser only(Set<String> columns);

  /**
   * The values of the line at which a reader is.
   *
   * @throws MalformedLineException also if the line is too long
   */
  default Map<String, @Nullable Object> parse(LineReader lines) throws MalformedLineException {
    if (lines.isTooLong()) {
      throw new MalformedLineException(
          1, "the line has more than %s bytes".formatted(LineReader.MAX_LINE_BYTES));
    }
    return parse(lines.buffer(), lines.start(), lines.length());
  }
}
