package io.nightshift.job.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two outputs, row by row. Rows are the same if their source file and source row are, or their
 * values of a column.
 *
 * @param first folder of one output
 * @param second folder of the other one
 * @param key the column that identifies rows; null for source file and source row
 * @param rowsInBoth rows that both have
 * @param onlyFirst rows that only the first has
 * @param onlySecond rows that only the second has
 * @param changed rows that both have, with different answers
 * @param agreement fraction of the rows in both with the same answer
 * @param labels of the matrix: the most frequent answers; the last is {@link #OTHER} if there are
 *     more. Empty if answers are free text
 * @param matrix rows in both by the first's answer (first index) and the second's (second index)
 * @param examples a few of the changed rows
 */
@SuppressWarnings("ArrayRecordComponent") // a value that is only written
public record Comparison(
    String first,
    String second,
    @Nullable String key,
    long rowsInBoth,
    long onlyFirst,
    long onlySecond,
    long changed,
    double agreement,
    List<String> labels,
    long[][] matrix,
    List<ChangedRow> examples) {

  /** Label of all answers that have none of their own. */
  public static final String OTHER = "(other)";

  public Comparison {
    labels = List.copyOf(labels);
    examples = List.copyOf(examples);
  }

  /**
   * A row with different answers.
   *
   * @param key input file that the row comes from, or the row's value of the key column
   * @param sourceRow number of the row in the file, from 0; 0 for a key column
   * @param first answer in the first output
   * @param second answer in the second output
   */
  public record ChangedRow(String key, long sourceRow, String first, String second) {}
}
