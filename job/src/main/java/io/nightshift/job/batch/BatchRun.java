package io.nightshift.job.batch;

import io.nightshift.connectors.files.FolderListing;
import io.nightshift.connectors.files.Location;
import io.nightshift.connectors.input.InputReach;
import io.nightshift.connectors.input.ListedFiles;
import io.nightshift.connectors.jsonl.file.TextFile;
import io.nightshift.job.options.BatchFiles;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.pipeline.Pipeline;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.storage.PathText;
import io.nightshift.job.storage.StorageFailure;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/**
 * Answers a batch file: the lines are the rows of a job like any other, whose answers are in a
 * folder beside the output. Once all are there, the responses are written to the output file. If
 * the run is killed, the same run resumes.
 *
 * @param input a file, folder or glob
 * @param output file for the responses
 * @param errors file for error responses; empty for the output
 */
public record BatchRun(String input, Path output, Optional<Path> errors) {
  private static final String ANSWERS = ".answers";

  /**
   * @throws InvalidJobException if a path is none that Flink's file systems have
   */
  public static BatchRun of(String input, String output, Optional<String> errors) {
    return new BatchRun(
        input, path("--output", output), errors.map(given -> path("--errors", given)));
  }

  private static Path path(String option, String value) {
    try {
      return PathText.parse(value);
    } catch (IllegalArgumentException e) {
      throw new InvalidJobException(option + " " + e.getMessage(), e);
    }
  }

  /** Folder for the answers until all are there, and as the record of what is done. */
  public Path answers() {
    return new Path(output + ANSWERS);
  }

  /**
   * Answers the file.
   *
   * @param overrides of options, {@code key=value}
   * @return what was done, in several lines
   * @throws InvalidJobException if the batch file or an option is wrong
   */
  public String run(
      BatchFiles files,
      List<String> overrides,
      Pipeline pipeline,
      Pipeline.Start start,
      ProgressDisplay progress)
      throws Exception {
    JobSpecification job = JobSpecification.ofBatch(files, overrides);
    ListedFiles listed = listed();
    requireFree(listed.reach());
    BatchFileCheck.check(listed);
    RunReport report = pipeline.run(job, start, progress);
    ResponseFiles.Counts written =
        ResponseFiles.write(new Path(report.outputPath()), output, errors);
    return report.text() + written.text(output, errors);
  }

  private ListedFiles listed() throws IOException {
    try {
      return ListedFiles.of(List.of(path("--input", input).toString()));
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      Optional<StorageFailure> failure = StorageFailure.of(e);
      throw new InvalidJobException(
          failure
              .map(known -> known.message("--input " + input))
              .orElse("--input: " + e.getMessage()),
          e);
    }
  }

  /** The files that are written are none that are read, not the same, and named as they are. */
  private void requireFree(InputReach reach) throws IOException {
    requireFree("--output", output, reach);
    if (errors.isPresent()) {
      requireFree("--errors", errors.get(), reach);
      if (Location.of(errors.get()).equals(Location.of(output))) {
        throw new InvalidJobException(
            "--errors is --output: leave it out to have all responses in one file");
      }
    }
  }

  private static void requireFree(String option, Path file, InputReach reach) throws IOException {
    Optional<FileStatus> status = status(option, file);
    if (status.isPresent() && status.get().isDir()) {
      throw new InvalidJobException("%s %s is a folder: name a file in it".formatted(option, file));
    }
    if (new TextFile(file).isCompressed()) {
      throw new InvalidJobException(
          "%s %s has the name of a compressed file, but is written as plain JSON Lines: name a file such as out.jsonl"
              .formatted(option, file));
    }
    if (reach.overlap(file).isPresent()) {
      throw new InvalidJobException(
          "%s %s is read by --input: write to another file, outside of what is read"
              .formatted(option, file));
    }
  }

  private static Optional<FileStatus> status(String option, Path file) throws IOException {
    try {
      return FolderListing.status(file);
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      Optional<StorageFailure> failure = StorageFailure.of(e);
      if (failure.isPresent()) {
        throw new InvalidJobException(failure.get().message(option + " " + file), e);
      }
      throw e;
    }
  }
}
