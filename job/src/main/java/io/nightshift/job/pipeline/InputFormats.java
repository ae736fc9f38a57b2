package io.nightshift.job.pipeline;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.input.InputFiles;
import io.nightshift.connectors.jsonl.input.JsonLinesInputs;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.job.options.InputFormat;
import io.nightshift.job.options.InputOptions;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.storage.StorageFailure;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.flink.util.function.SupplierWithException;

/** Inspects the input of a job in its format. */
final class InputFormats {
  /** Names of files that are JSON Lines, compressed or not. */
  private static final Pattern JSONL_NAME =
      Pattern.compile(".*\\.(jsonl|ndjson|jsonlines|json)(\\.\\w+)?");

  private static final Pattern PARQUET_NAME = Pattern.compile(".*\\.(parquet|parq|pq)");

  private InputFormats() {}

  /**
   * Finds the input's files and reads what is needed to know their rows and columns.
   *
   * @throws InvalidJobException if the storage cannot be reached, or files are not of the format
   * @throws IOException naming a file that cannot be read
   */
  static InputFiles inspect(JobSpecification.Input input) throws IOException {
    String path = input.path().toString();
    return inspect(
        input,
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
  static InputFiles inspectLines(JobSpecification.Input input, String column) throws IOException {
    return inspect(
        input, () -> JsonLinesInputs.inspectText(List.of(input.path().toString()), column));
  }

  private static InputFiles inspect(
      JobSpecification.Input input, SupplierWithException<InputFiles, IOException> inspection)
      throws IOException {
    try {
      return inspection.get();
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      Optional<StorageFailure> failure = StorageFailure.of(e);
      if (failure.isPresent()) {
        throw new InvalidJobException(failure.get().message("input.path " + input.path()), e);
      }
      if (e instanceof FileReadException named && isNamedOtherwise(named, input.format())) {
        throw new InvalidJobException(remedy(named, input.format()), e);
      }
      throw e;
    }
  }

  private static boolean isNamedOtherwise(FileReadException failure, InputFormat format) {
    Pattern other = format == InputFormat.PARQUET ? JSONL_NAME : PARQUET_NAME;
    return other.matcher(failure.file().toLowerCase(Locale.ROOT)).matches();
  }

  private static String remedy(FileReadException failure, InputFormat format) {
    InputFormat other = format == InputFormat.PARQUET ? InputFormat.JSONL : InputFormat.PARQUET;
    return "%s is read as %s, but its name says that it is not; set %s: %s (%s)"
        .formatted(failure.file(), format, InputOptions.FORMAT.key(), other, failure.getMessage());
  }
}
