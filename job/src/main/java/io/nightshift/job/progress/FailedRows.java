package io.nightshift.job.progress;

import io.nightshift.operators.report.RowErrors;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Rows with the same error code.
 *
 * @param code value of the column {@code error_code}
 * @param rows how many
 * @param examples error messages of the first few, each naming its row
 */
public record FailedRows(String code, long rows, List<String> examples) {

  public FailedRows {
    examples = List.copyOf(examples);
  }

  /** Rows by code, the most frequent first. */
  public static List<FailedRows> of(Map<String, RowErrors.OfCode> errors) {
    return errors.entrySet().stream()
        .map(
            error ->
                new FailedRows(
                    error.getKey(), error.getValue().rows(), error.getValue().examples()))
        .sorted(Comparator.comparingLong(FailedRows::rows).reversed())
        .toList();
  }
}
