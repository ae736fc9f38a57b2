package io.nightshift.job.report;

import java.util.List;

/**
 * Rows with an error.
 *
 * @param code of the error
 * @param rows of the output that have it
 * @param examples a few of them, each with its source file, its row and the message
 */
public record ErrorFigures(String code, long rows, List<String> examples) {
  public ErrorFigures {
    examples = List.copyOf(examples);
  }
}
