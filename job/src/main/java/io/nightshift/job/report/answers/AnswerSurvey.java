package io.nightshift.job.report.answers;

import io.nightshift.connectors.source.FileSplit;
import io.nightshift.connectors.source.SplitPosition;
import io.nightshift.job.report.AnswerFigures;
import io.nightshift.job.report.ErrorFigures;
import io.nightshift.job.report.UncertainRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.fs.FileStatus;

/**
 * What the answers of an output are.
 *
 * @param rows of the output, whether or not they were read
 * @param answers of all rows that were read
 * @param errors of these rows
 */
public record AnswerSurvey(long rows, AnswerFigures answers, List<ErrorFigures> errors) {
  private static final FileSplit NO_PART =
      new FileSplit("", 0, 0, Map.of(), 0, 0, new SplitPosition(0, 0));

  public AnswerSurvey {
    errors = List.copyOf(errors);
  }

  /**
   * Reads the files of an output.
   *
   * @param files none if nothing was committed yet
   * @param maxRows of an output with more, evenly spread parts are read that have about as many
   * @param namedErrors examples of errors that name their rows, by code
   * @throws io.nightshift.connectors.files.FileReadException naming a file that cannot be read
   */
  public static AnswerSurvey of(
      List<FileStatus> files, long maxRows, Map<String, List<String>> namedErrors)
      throws IOException {
    AnswerTally all = new AnswerTally(NO_PART);
    List<UncertainRow> uncertain = List.of();
    long rows = 0;
    if (!files.isEmpty()) {
      OutputScan scan = OutputScan.of(files);
      rows = scan.rows();
      OutputScan some = scan.everyNth(Math.toIntExact(1 + Math.max(0, rows - 1) / maxRows));
      some.read(AnswerRow.columns(scan.columns()), AnswerTally::new).forEach(all::add);
      uncertain = new RowTexts(scan.inputs()).added(all.uncertain().leastCertainFirst());
    }
    return new AnswerSurvey(
        rows,
        new AnswerFigures(all.rows(), all.distributions(), uncertain, all.lengths().bins()),
        new ArrayList<>(all.errors().figures(namedErrors)));
  }
}
