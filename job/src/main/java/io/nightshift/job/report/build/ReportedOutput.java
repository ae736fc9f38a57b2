package io.nightshift.job.report.build;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.nightshift.connectors.files.FolderListing;
import io.nightshift.connectors.files.Location;
import io.nightshift.connectors.lease.Lease;
import io.nightshift.connectors.lease.LeaseHolder;
import io.nightshift.connectors.parquet.output.OutputFiles;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.report.ReportData;
import io.nightshift.job.report.answers.AnswerSurvey;
import io.nightshift.job.report.runs.RunRecord;
import io.nightshift.job.report.runs.RunRecords;
import io.nightshift.job.report.runs.RunResult.State;
import io.nightshift.job.storage.RecordFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/**
 * An output that can be reported, and one of its runs.
 *
 * @param folder of the answers
 * @param record of the run
 * @param holder of the lease; empty if no run is going on
 */
public record ReportedOutput(Path folder, RunRecord record, Optional<LeaseHolder> holder) {
  private static final String UNORDERED = "_unordered";

  /**
   * Finds an output and its last run, or the run whose record is given.
   *
   * @param path folder of answers, or file of a run's record
   * @throws InvalidJobException if it is neither; the message says what is there
   */
  public static ReportedOutput find(Path path) throws IOException {
    FileStatus status =
        FolderListing.status(path)
            .orElseThrow(() -> new InvalidJobException(path + " does not exist"));
    if (!status.isDir()) {
      return ofRecord(status);
    }
    Optional<RunRecord> last = RunRecords.of(path).last();
    if (last.isEmpty()) {
      throw new InvalidJobException(withoutRecord(path));
    }
    return new ReportedOutput(path, last.get(), holder(path));
  }

  /**
   * Finds an output, whose answers are those of all runs.
   *
   * @param path folder of answers
   * @throws InvalidJobException if it is something else, such as the record of a run
   */
  public static ReportedOutput findWhole(Path path) throws IOException {
    ReportedOutput output = find(path);
    if (!Location.of(path).equals(Location.of(output.folder()))) {
      throw new InvalidJobException(
          path
              + " is the record of a run, but answers of whole outputs are compared: name the"
              + " folder "
              + output.folder());
    }
    return output;
  }

  private static ReportedOutput ofRecord(FileStatus file) throws IOException {
    Path runs = file.getPath().getParent();
    if (!RunRecords.isRecord(file.getPath().getName())
        || runs == null
        || !runs.getName().equals(RecordFolder.RUNS)
        || !runs.getParent().getName().equals(RecordFolder.NAME)) {
      throw new InvalidJobException(
          file.getPath()
              + " is neither the folder of an output nor the record of a run, which is in"
              + " _nightshift/runs of an output");
    }
    Path output = runs.getParent().getParent();
    return new ReportedOutput(output, RunRecords.read(file), holder(output));
  }

  private static String withoutRecord(Path folder) throws IOException {
    Path records = new RecordFolder(folder).path();
    if (FolderListing.status(records).isEmpty()) {
      return folder
          + " is not the output of a run: it has no folder _nightshift; name the folder that"
          + " output.path names";
    }
    Optional<LeaseHolder> holder = holder(folder);
    return holder.isPresent()
        ? "%s has nothing to report yet: its first run (%s) has not begun to answer"
            .formatted(folder, holder.get().description())
        : folder
            + " has no record of a run: it was written by an older version, or no run has begun to"
            + " answer; run its job again";
  }

  private static Optional<LeaseHolder> holder(Path output) throws IOException {
    return Lease.holder(new RecordFolder(output).lease());
  }

  /** What a reader must know about the figures; empty if they are those of a complete run. */
  public Optional<String> notice() {
    if (holder.isPresent()) {
      return Optional.of(
          "a run is going on, or was killed (%s): answers are those committed by now, and what it did is as of %s"
              .formatted(
                  holder.get().description(), record.result().updated().truncatedTo(SECONDS)));
    }
    return record.result().state() == State.RUNNING
        ? Optional.of(
            "the run was cut off: what it did is as of "
                + record.result().updated().truncatedTo(SECONDS))
        : Optional.empty();
  }

  /** The folders of answers, and of rows with an error if they have one of their own. */
  public List<Path> folders() {
    String failedRows = record.description().failedRows();
    return failedRows == null ? List.of(folder) : List.of(folder, new Path(failedRows));
  }

  /** The files with the answers of all runs, and of rows with an error. */
  public List<FileStatus> files() throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path answers : folders()) {
      all.add(answers);
      waiting(answers, all);
    }
    return OutputFiles.list(all).stream().filter(file -> !file.isDir()).toList();
  }

  /** Answers that wait until all are there and can be brought into the input's order. */
  private void waiting(Path answers, List<Path> folders) throws IOException {
    if (record.result().state() != State.DONE) {
      FolderListing.of(new Path(answers, UNORDERED), name -> name.matches("\\d{5}"))
          .forEach(run -> folders.add(run.getPath()));
    }
  }

  /**
   * Makes the report.
   *
   * @param maxRows of an output with more, about as many are read
   * @throws InvalidJobException naming a file that is no answers'
   */
  public ReportData report(long maxRows) throws IOException {
    AnswerSurvey survey = AnswerSurvey.of(files(), maxRows, ReportBuilder.namedErrors(record));
    return ReportBuilder.of(this, survey);
  }
}
