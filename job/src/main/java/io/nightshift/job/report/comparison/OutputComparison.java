package io.nightshift.job.report.comparison;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.report.Comparison;
import io.nightshift.job.report.Comparison.ChangedRow;
import io.nightshift.job.report.answers.OutputScan;
import io.nightshift.operators.infer.AnswerSchema;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.flink.core.fs.FileStatus;
import org.jspecify.annotations.Nullable;

/**
 * Compares the answers of two outputs to the same rows.
 *
 * <p>Rows of an output are in any order. For each row of the first output, 16 bytes in memory
 * identify its key and its answer, until the second output has been read. Of more rows than fit, a
 * window of keys is compared at a time, by their hashes; both outputs are read for each.
 */
public final class OutputComparison {
  /** Rows of a window: 128 MiB. */
  private static final int WINDOW_ROWS = 1 << 23;

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
  private final RowKeys keys;
  private final OutputScan firstRows;
  private final OutputScan secondRows;
  private final boolean labelled;
  private final int windows;

  private OutputComparison(Side first, Side second, RowKeys keys, int windowRows)
      throws IOException {
    this.first = first;
    this.second = second;
    this.keys = keys;
    firstRows = scan(first);
    secondRows = scan(second);
    labelled =
        firstRows.columns().contains(AnswerSchema.CHOICE_PROBABILITIES)
            && secondRows.columns().contains(AnswerSchema.CHOICE_PROBABILITIES);
    windows = Math.toIntExact(firstRows.rows() / windowRows + 1);
  }

  /**
   * Compares two outputs.
   *
   * @param key the column whose values identify rows; null for source file and source row
   * @throws InvalidJobException if they cannot be compared, or have no rows in common
   */
  public static Comparison of(Side first, Side second, @Nullable String key) throws IOException {
    return of(first, second, key, WINDOW_ROWS);
  }

  static Comparison of(Side first, Side second, @Nullable String key, int windowRows)
      throws IOException {
    RowKeys keys = key == null ? new SourceRowKeys() : new ColumnKeys(key);
    return new OutputComparison(first, second, keys, windowRows).compare(key);
  }

  private OutputScan scan(Side side) throws IOException {
    if (side.files().isEmpty()) {
      throw new InvalidJobException(side.name() + " has no answers yet");
    }
    OutputScan scan = OutputScan.of(side.files());
    keys.requireIn(side.name(), scan);
    if (!scan.columns().contains(AnswerSchema.COMPLETION)) {
      throw new InvalidJobException(
          side.name() + " has no column completion: only texts and choices are compared");
    }
    return scan;
  }

  private Comparison compare(@Nullable String key) throws IOException {
    ComparisonTally all = new ComparisonTally(labelled);
    for (int window = 0; window < windows; window++) {
      all.add(compare(new AnswerWindow(hashes(window))));
    }
    if (all.both() == 0) {
      throw new InvalidJobException(
          "%s and %s have no rows in common: %s"
              .formatted(first.name(), second.name(), keys.remedy()));
    }
    List<String> labels = all.shownLabels();
    return new Comparison(
        first.name(),
        second.name(),
        key,
        all.both(),
        firstRows.rows() - all.both(),
        secondRows.rows() - all.both(),
        all.changed(),
        1 - (double) all.changed() / all.both(),
        labels,
        all.matrix(labels),
        examples(all));
  }

  private <R extends KeyedAnswers> List<R> read(OutputScan rows, Supplier<R> reader)
      throws IOException {
    return rows.read(KeyedAnswers.columns(keys), part -> reader.get());
  }

  /** Sorted hashes of the first output's keys that belong to a window. */
  private long[] hashes(int window) throws IOException {
    return firstRows.read(keys.columns(), part -> new Hashes(window)).stream()
        .flatMapToLong(part -> part.hashes.build())
        .sorted()
        .toArray();
  }

  /** Reads the keys alone. */
  private final class Hashes implements OutputScan.PartReader {
    private final int window;
    private final LongStream.Builder hashes = LongStream.builder();

    Hashes(int window) {
      this.window = window;
    }

    @Override
    public void read(VectorSchemaRoot batch, long firstRow) {
      IntFunction<@Nullable RowKey> keysOfBatch = keys.of(batch);
      for (int row = 0; row < batch.getRowCount(); row++) {
        RowKey key = keysOfBatch.apply(row);
        if (key != null) {
          add(key.hash());
        }
      }
    }

    private void add(long hash) {
      if (Math.floorMod(hash, windows) == window) {
        hashes.add(hash);
      }
    }
  }

  private ComparisonTally compare(AnswerWindow window) throws IOException {
    ComparisonTally all = new ComparisonTally(labelled);
    for (FirstAnswers part : read(firstRows, () -> new FirstAnswers(window))) {
      requireUnique(first, part.repeated);
      all.add(part.tally);
    }
    for (SecondAnswers part : read(secondRows, () -> new SecondAnswers(window))) {
      requireUnique(second, part.repeated);
      all.add(part.tally);
    }
    return all;
  }

  private void requireUnique(Side side, @Nullable RowKey repeated) {
    if (repeated != null) {
      throw new InvalidJobException(
          "several rows of %s have %s: rows are compared by what is different in each, name another column with --key"
              .formatted(side.name(), keys.text(repeated)));
    }
  }

  private final class FirstAnswers extends KeyedAnswers {
    private final AnswerWindow window;
    private final ComparisonTally tally = new ComparisonTally(labelled);
    private @Nullable RowKey repeated;

    FirstAnswers(AnswerWindow window) {
      super(keys);
      this.window = window;
    }

    @Override
    void read(RowKey key, String answer) {
      long hash = key.hash();
      if (window.has(hash)) {
        long fingerprint = Fingerprint.ofAnswer(answer);
        tally.label(fingerprint, answer);
        repeated = window.set(hash, fingerprint) ? repeated : key;
      }
    }
  }

  private final class SecondAnswers extends KeyedAnswers {
    private final AnswerWindow window;
    private final ComparisonTally tally = new ComparisonTally(labelled);
    private @Nullable RowKey repeated;

    SecondAnswers(AnswerWindow window) {
      super(keys);
      this.window = window;
    }

    @Override
    void read(RowKey key, String answer) {
      long hash = key.hash();
      if (!window.has(hash)) {
        return;
      }
      long fingerprint = Fingerprint.ofAnswer(answer);
      long ofFirst = window.take(hash);
      if (ofFirst == 0) {
        repeated = key;
      } else {
        tally.label(fingerprint, answer);
        tally.add(key, ofFirst, fingerprint, answer);
      }
    }
  }

  /** Finds the first output's answers to the rows that are shown. */
  private List<ChangedRow> examples(ComparisonTally all) throws IOException {
    if (all.examples().isEmpty()) {
      return List.of();
    }
    Map<RowKey, String> answers = new ConcurrentHashMap<>();
    read(firstRows, () -> new Examples(all, answers));
    return all.examples().entrySet().stream()
        .map(
            row ->
                new ChangedRow(
                    row.getKey().text(),
                    row.getKey().number(),
                    answers.getOrDefault(row.getKey(), ""),
                    row.getValue()))
        .toList();
  }

  private final class Examples extends KeyedAnswers {
    private final ComparisonTally all;
    private final Map<RowKey, String> answers;

    Examples(ComparisonTally all, Map<RowKey, String> answers) {
      super(keys);
      this.all = all;
      this.answers = answers;
    }

    @Override
    void read(RowKey key, String answer) {
      if (all.examples().containsKey(key)) {
        answers.put(key, answer);
      }
    }
  }
}
