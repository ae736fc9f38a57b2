package io.nightshift.job.run;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.parquet.output.FooterCounts;
import io.nightshift.connectors.parquet.output.OutputFiles;
import io.nightshift.connectors.parquet.output.WrittenRows;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.operators.infer.AnswerSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.core.fs.FileStatus;

/** What the output files say of the rows that have their answers. */
final class AnsweredRows {
  private final RunFolder folder;

  AnsweredRows(RunFolder folder) {
    this.folder = folder;
  }

  /**
   * The rows whose answers are there.
   *
   * @param units of all plans that have not been brought into order
   * @param run number of this run among those that bring rows into order
   * @throws InvalidJobException naming a file that these plans know nothing of, or that cannot be
   *     read
   */
  WrittenRows of(List<WorkUnit> units, int run) throws IOException {
    WrittenRows written;
    try {
      written = WrittenRows.read(folder.answerFolders(run));
    } catch (FileReadException e) {
      throw new InvalidJobException(
          folder.namedOutput() + " holds more than answers of this job: " + e.getMessage(), e);
    }
    Set<String> planned = new HashSet<>();
    units.forEach(unit -> planned.add(unit.file()));
    for (String unit : written.groups()) {
      if (!planned.contains(unit)) {
        throw new InvalidJobException(
            "%s has answers of a plan that is not in %s any more: run with --fresh, or delete the answers"
                .formatted(folder.namedOutput(), folder.work().path()));
      }
    }
    return written;
  }

  /**
   * Rows with an error in all that has been written; what is in order counts once it is recorded.
   */
  long failed(int run) throws IOException {
    List<FileStatus> files = new ArrayList<>(OutputFiles.list(folder.answerFolders(run)));
    for (OrderedRun recorded : folder.work().orderedRuns()) {
      files.addAll(new OutputFolder(folder.output()).files(recorded.files()));
      if (folder.failedRows().isPresent()) {
        OutputFolder failedRows = new OutputFolder(folder.failedRows().get());
        files.addAll(failedRows.files(recorded.failedRowsFiles()));
      }
    }
    return FooterCounts.nonNull(files, AnswerSchema.ERROR_CODE);
  }
}
