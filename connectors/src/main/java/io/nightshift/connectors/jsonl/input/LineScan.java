package io.nightshift.connectors.jsonl.input;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.input.ListedFile;
import io.nightshift.connectors.jsonl.decode.LineParser;
import io.nightshift.connectors.jsonl.decode.MalformedLineException;
import io.nightshift.connectors.jsonl.file.LineReader;
import io.nightshift.connectors.jsonl.file.TextFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of a range of a file hold.
 *
 * @param range the lines that begin in the range of bytes
 * @param columns types of the rows' values
 * @param malformed number of lines that are not what the parser takes
 * @param firstMalformed the first of them
 */
record LineScan(
    JsonLinesFile.Range range,
    ObservedType columns,
    long malformed,
    @Nullable Problem firstMalformed) {

  /**
   * What is wrong in a line.
   *
   * @param line its number among the lines of the range, from 0
   */
  record Problem(long line, String text) {}

  /**
   * A part of a file to scan.
   *
   * @param start first byte of the part; a line that begins before belongs to another part
   * @param end byte after the part, in which its last line need not end
   */
  record Part(ListedFile file, long start, long end) {

    /** Cuts a file into parts of so many bytes; one that is compressed is one part. */
    static List<Part> of(ListedFile file, long bytes) {
      if (new TextFile(file.status().getPath()).isCompressed()) {
        return List.of(new Part(file, 0, Long.MAX_VALUE));
      }
      List<Part> parts = new ArrayList<>();
      long length = file.status().getLen();
      for (long start = 0; start < length; start += bytes) {
        parts.add(new Part(file, start, Math.min(start + bytes, length)));
      }
      return parts;
    }

    /**
     * Reads the part.
     *
     * @param parser of the lines
     * @throws FileReadException naming the file if it cannot be read
     */
    LineScan scan(LineParser parser) throws IOException {
      TextFile text = new TextFile(file.status().getPath());
      text.requireReadable();
      try (LineReader lines = LineReader.within(text, start, end)) {
        return scan(lines, parser);
      } catch (FileReadException named) {
        throw named;
      } catch (IOException e) {
        throw new FileReadException(file.path(), "cannot be read: " + e.getMessage(), e);
      }
    }

    private LineScan scan(LineReader lines, LineParser parser) throws IOException {
      long firstLine = lines.nextOffset();
      ObservedType columns = new ObservedType();
      long count = 0;
      long rows = 0;
      long malformed = 0;
      @Nullable Problem first = null;
      for (; lines.next(); count++) {
        if (lines.isBlank()) {
          continue;
        }
        rows++;
        ObservedType.Place place = new ObservedType.Place(file.path(), firstLine, count);
        try {
          columns.merge(ObservedType.of(parser.parse(lines), place));
        } catch (MalformedLineException e) {
          malformed++;
          first = first == null ? new Problem(count, String.valueOf(e.getMessage())) : first;
        }
      }
      JsonLinesFile.Range range =
          new JsonLinesFile.Range(firstLine, lines.nextOffset(), count, rows);
      return new LineScan(range, columns, malformed, first);
    }
  }
}
