package io.nightshift.job.report.comparison;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.report.Comparison;
import io.nightshift.job.report.Comparison.ChangedRow;
import io.nightshift.job.report.answers.OutputScan;
import io.nightshift.job.report.comparison.ComparisonTally.Key;
import io.nightshift.operators.infer.AnswerSchema;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.flink.core.fs.FileStatus;

/**
 * Compares the answers of two outputs to the same source rows.
 *
 * <p>Rows of an output are in any order. For each row of the first output, 8 bytes in memory
 * identify its answer, until the second output has been read. Of more rows than fit, a window of
 * source rows is compared at a time, for which both outputs are read once.
 */
public final class OutputComparison {
  /** Rows of a window: 128 MiB. */
  private static final int WINDOW_ROWS = 1 << 24;

  /**
   * One of the outputs.
   *
   * @param name for messages
   * @param files at least one
   */
  public record Side(String name, List<FileStatus> files) {
    public Side {
      files = List.copyOf(files);
    }
  }

  private final Side first;
  private final Side second;
  private final OutputScan firstRows;
  private final OutputScan secondRows;
  private final boolean labelled;
  private final int windowRows;

  private OutputComparison(Side first, Side second, int windowRows) throws IOException {
    this.first = first;
    this.second = second;
    this.windowRows = windowRows;
    firstRows = scan(first);
    secondRows = scan(second);
    labelled =
        firstRows.columns().contains(AnswerSchema.CHOICE_PROBABILITIES)
            && secondRows.columns().contains(AnswerSchema.CHOICE_PROBABILITIES);
  }

  /**
   * Compares two outputs.
   *
   * @throws InvalidJobException if they cannot be compared, or have no rows in common
   */
  public static Comparison of(Side first, Side second) throws IOException {
    return of(first, second, WINDOW_ROWS);
  }

  static Comparison of(Side first, Side second, int windowRows) throws IOException {
    return new OutputComparison(first, second, windowRows).compare();
  }

  private static OutputScan scan(Side side) throws IOException {
    if (side.files().isEmpty()) {
      throw new InvalidJobException(side.name() + " has no answers yet");
    }
    OutputScan scan = OutputScan.of(side.files());
    for (String column : List.of(AnswerSchema.SOURCE_FILE, AnswerSchema.SOURCE_ROW)) {
      if (!scan.columns().contains(column)) {
        throw new InvalidJobException(
            "%s has no column %s, by which rows are compared: run both jobs with output.source-columns: true"
                .formatted(side.name(), column));
      }
    }
    if (!scan.columns().contains(AnswerSchema.COMPLETION)) {
      throw new InvalidJobException(
          side.name() + " has no column completion: only texts and choices are compared");
    }
    return scan;
  }

  private Comparison compare() throws IOException {
    TreeMap<String, Long> ofFirst = rowsByFile(firstRows);
    TreeMap<String, Long> ofSecond = rowsByFile(secondRows);
    TreeMap<String, Long> common = new TreeMap<>();
    ofFirst.forEach(
        (file, rows) -> {
          if (ofSecond.containsKey(file)) {
            common.put(file, Math.max(rows, ofSecond.getOrDefault(file, 0L)));
          }
        });
    ComparisonTally all = new ComparisonTally(labelled);
    for (RowWindow window : RowWindow.divide(common, windowRows)) {
      all.add(compare(window));
    }
    requireCommonRows(all, ofFirst, ofSecond);
    List<String> labels = all.shownLabels();
    return new Comparison(
        first.name(),
        second.name(),
        all.both(),
        firstRows.rows() - all.both(),
        secondRows.rows() - all.both(),
        all.changed(),
        1 - (double) all.changed() / all.both(),
        labels,
        all.matrix(labels),
        examples(all));
  }

  /** One more than the greatest row number of each source file. */
  private static TreeMap<String, Long> rowsByFile(OutputScan scan) throws IOException {
    TreeMap<String, Long> all = new TreeMap<>();
    for (FileRows part : scan.read(ComparedRows.COLUMNS, part -> new FileRows())) {
      part.rows.forEach((file, rows) -> all.merge(file, rows, Math::max));
    }
    return all;
  }

  private static final class FileRows implements OutputScan.PartReader {
    private final TreeMap<String, Long> rows = new TreeMap<>();

    @Override
    public void read(VectorSchemaRoot batch, long firstRow) {
      ComparedRows cursor = new ComparedRows(batch);
      while (cursor.next()) {
        rows.merge(cursor.file(), cursor.sourceRow() + 1, Math::max);
      }
    }
  }

  private ComparisonTally compare(RowWindow window) throws IOException {
    window.open();
    ComparisonTally all = new ComparisonTally(labelled);
    firstRows
        .read(ComparedRows.COLUMNS, part -> new FirstReader(window))
        .forEach(part -> all.add(part.labels));
    secondRows
        .read(ComparedRows.COLUMNS, part -> new SecondReader(window))
        .forEach(part -> all.add(part.tally));
    window.close();
    return all;
  }

  private final class FirstReader implements OutputScan.PartReader {
    private final RowWindow window;
    private final ComparisonTally labels = new ComparisonTally(labelled);

    FirstReader(RowWindow window) {
      this.window = window;
    }

    @Override
    public void read(VectorSchemaRoot batch, long firstRow) {
      ComparedRows cursor = new ComparedRows(batch);
      while (cursor.next()) {
        int index = window.index(cursor.file(), cursor.sourceRow());
        if (index >= 0) {
          String answer = cursor.answer();
          long fingerprint = cursor.fingerprint(answer);
          window.set(index, fingerprint);
          labels.label(fingerprint, answer);
        }
      }
    }
  }

  private final class SecondReader implements OutputScan.PartReader {
    private final RowWindow window;
    private final ComparisonTally tally = new ComparisonTally(labelled);

    SecondReader(RowWindow window) {
      this.window = window;
    }

    @Override
    public void read(VectorSchemaRoot batch, long firstRow) {
      ComparedRows cursor = new ComparedRows(batch);
      while (cursor.next()) {
        int index = window.index(cursor.file(), cursor.sourceRow());
        if (index >= 0 && window.get(index) != 0) {
          String answer = cursor.answer();
          long fingerprint = cursor.fingerprint(answer);
          tally.label(fingerprint, answer);
          tally.add(
              new Key(cursor.file(), cursor.sourceRow()), window.get(index), fingerprint, answer);
        }
      }
    }
  }

  private void requireCommonRows(
      ComparisonTally all, TreeMap<String, Long> ofFirst, TreeMap<String, Long> ofSecond) {
    if (all.both() == 0) {
      throw new InvalidJobException(
          "%s and %s have no rows in common: their source files are %s and %s; compare outputs of the same input"
              .formatted(
                  first.name(), second.name(), some(ofFirst.keySet()), some(ofSecond.keySet())));
    }
  }

  private static String some(Set<String> files) {
    return files.isEmpty()
        ? "none"
        : files.iterator().next() + (files.size() > 1 ? " and others" : "");
  }

  /** Finds the first output's answers to the rows that are shown. */
  private List<ChangedRow> examples(ComparisonTally all) throws IOException {
    if (all.examples().isEmpty()) {
      return List.of();
    }
    Set<Key> wanted = new TreeSet<>(all.examples().keySet());
    Map<Key, String> answers = new ConcurrentHashMap<>();
    firstRows.read(
        ComparedRows.COLUMNS,
        part ->
            (batch, firstRow) -> {
              ComparedRows cursor = new ComparedRows(batch);
              while (cursor.next()) {
                Key key = new Key(cursor.file(), cursor.sourceRow());
                if (wanted.contains(key)) {
                  answers.put(key, cursor.answer());
                }
              }
            });
    return all.examples().entrySet().stream()
        .map(
            row ->
                new ChangedRow(
                    row.getKey().file(),
                    row.getKey().row(),
                    answers.getOrDefault(row.getKey(), ""),
                    row.getValue()))
        .toList();
  }
}
