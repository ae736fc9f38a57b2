package io.nightshift.job.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.input.ListedFile;
import io.nightshift.connectors.input.ListedFiles;
import io.nightshift.connectors.jsonl.file.LineReader;
import io.nightshift.connectors.jsonl.file.TextFile;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.progress.NumberText;
import io.nightshift.operators.openai.BatchLine;
import io.nightshift.operators.openai.InvalidLineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads all lines of a batch file before anything is computed. A file with a line that is no
 * request, or with two of the same {@code custom_id}, is refused as a whole, as OpenAI does. What
 * is wrong in a body is an error of its line.
 */
final class BatchFileCheck {
  /** Maximum number of problems that the message has. */
  private static final int MAX_PROBLEMS = 10;

  private final Map<String, Place> places = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private long wrong;

  /** A line, its number from 1. */
  private record Place(String file, long line) {
    @Override
    public String toString() {
      return "%s line %s".formatted(file, line);
    }
  }

  private BatchFileCheck() {}

  /**
   * Checks the lines.
   *
   * @throws InvalidJobException naming file, line and column of the first problems
   */
  static void check(ListedFiles files) throws IOException {
    BatchFileCheck check = new BatchFileCheck();
    for (ListedFile file : files.files()) {
      check.read(file);
    }
    check.requireValid(files);
  }

  private void read(ListedFile file) throws IOException {
    TextFile text = new TextFile(file.status().getPath());
    text.requireReadable();
    try (LineReader lines = LineReader.at(text, 0, Long.MAX_VALUE)) {
      for (long number = 1; lines.next(); number++) {
        if (!lines.isBlank()) {
          check(lines, new Place(file.path(), number));
        }
      }
    }
  }

  private void check(LineReader lines, Place place) {
    if (lines.isTooLong()) {
      add(place, 1, "has more than %s bytes".formatted(LineReader.MAX_LINE_BYTES));
      return;
    }
    try {
      String customId = BatchLine.parse(text(lines)).customId();
      @Nullable Place before = places.putIfAbsent(customId, place);
      if (before != null) {
        add(place, 1, "has the custom_id \"%s\" of %s".formatted(customId, before));
      }
    } catch (InvalidLineException e) {
      add(place, e.column(), String.valueOf(e.getMessage()));
    } catch (CharacterCodingException e) {
      add(place, 1, "is not valid UTF-8");
    }
  }

  private static String text(LineReader lines) throws CharacterCodingException {
    ByteBuffer bytes = ByteBuffer.wrap(lines.buffer(), lines.start(), lines.length());
    return UTF_8.newDecoder().decode(bytes).toString();
  }

  private void add(Place place, int column, String problem) {
    wrong++;
    if (problems.size() < MAX_PROBLEMS) {
      problems.add("%s, column %s: %s".formatted(place, column, problem));
    }
  }

  private void requireValid(ListedFiles files) {
    if (wrong > 0) {
      throw new InvalidJobException(
          "%s of the batch file %s wrong, so that nothing was run"
              .formatted(NumberText.count(wrong, "line"), wrong == 1 ? "is" : "are"),
          problems,
          wrong);
    }
    if (places.isEmpty()) {
      throw new InvalidJobException(
          "the batch file %s has no lines".formatted(files.files().get(0).path()));
    }
  }
}
