package io.nightshift.job.progress;

import java.util.List;

/**
 * Rows that came out with the same error code.
 *
 * @param code value of the column {@code error_code}
 * @param rows how many
 * @param examples error messages of the first few, each naming its row
 */
public record FailedRows(String code, long rows, List<String> examples) {

  public FailedRows {
    examples = List.copyOf(examples);
  }
}
