package io.nightshift.job.pipeline;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.input.InputFiles;
import io.nightshift.connectors.jsonl.input.JsonLinesInputs;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.job.options.InputFormat;
import io.nightshift.job.options.InputOptions;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.run.JobPaths;
import io.nightshift.job.storage.StorageFailure;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.util.function.SupplierWithException;

/** Inspects the input of a job in its format. */
final class InputFormats {
  private InputFormats() {}

  /**
   * Finds the input's files and reads what is needed to know their rows and columns.
   *
   * @throws InvalidJobException if the storage cannot be reached, or files are not of the format
   * @throws IOException naming a file that cannot be read
   */
  static InputFiles inspect(JobSpecification job) throws IOException {
    JobSpecification.Input input = job.input();
    String path = input.path().toString();
    return inspect(
        job,
        () ->
            switch (input.format()) {
              case PARQUET -> ParquetInputs.inspect(path);
              case JSONL -> JsonLinesInputs.inspect(List.of(path));
            });
  }

  /**
   * Finds the input's files and counts their lines, each the value of one text column.
   *
   * @throws InvalidJobException if the storage cannot be reached
   * @throws IOException naming a file that cannot be read
   */
  static InputFiles inspectLines(JobSpecification job, String column) throws IOException {
    String path = job.input().path().toString();
    return inspect(job, () -> JsonLinesInputs.inspectText(List.of(path), column));
  }

  private static InputFiles inspect(
      JobSpecification job, SupplierWithException<InputFiles, IOException> inspection)
      throws IOException {
    try {
      return inspection.get();
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      Optional<StorageFailure> failure = StorageFailure.of(e);
      if (failure.isPresent()) {
        throw new InvalidJobException(failure.get().message(JobPaths.of(job).input()), e);
      }
      if (e instanceof FileReadException named && isNamedOtherwise(named, job.input().format())) {
        throw new InvalidJobException(remedy(named, job.input().format()), e);
      }
      throw e;
    }
  }

  private static boolean isNamedOtherwise(FileReadException failure, InputFormat format) {
    return InputFormat.ofName(failure.file()).filter(named -> named != format).isPresent();
  }

  private static String remedy(FileReadException failure, InputFormat format) {
    InputFormat other = format == InputFormat.PARQUET ? InputFormat.JSONL : InputFormat.PARQUET;
    return "%s is read as %s, but its name says that it is not; set %s: %s (%s)"
        .formatted(failure.file(), format, InputOptions.FORMAT.key(), other, failure.getMessage());
  }
}
