package io.nightshift.job.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.files.AtomicFile;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.input.InputFiles;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.connectors.source.BatchFormat;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.FileSplit;
import io.nightshift.job.progress.NumberText;
import io.nightshift.job.storage.RecordFolder;
import io.nightshift.job.storage.Sha256;
import io.nightshift.operators.openai.BatchResponses;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** Writes the responses of a run whose answers are complete, in the order of the input. */
final class ResponseFiles {
  private static final int BATCH_ROWS = 1024;
  private static final long BATCH_BYTES = 4L << 20;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int FINGERPRINT_DIGITS = 10;

  /** The record of all that answers depend on besides the lines. */
  private static final String IDENTITY = RecordFolder.NAME + "/job.json";

  private ResponseFiles() {}

  /**
   * Output lines.
   *
   * @param failed number of those that are error responses
   */
  record Counts(long lines, long failed) {
    String text(Path output, Optional<Path> errors) {
      String answered = NumberText.count(lines - failed, "response") + " in " + output;
      String refused = NumberText.count(failed, "error response");
      return errors.isPresent()
          ? "%s, %s in %s%n".formatted(answered, refused, errors.get())
          : "%s, and %s%n".formatted(answered, refused);
    }
  }

  /**
   * Writes the files. Each appears as a whole, the output last.
   *
   * @param answers folder of the answers, in the order of the lines
   * @param errors file for error responses; empty for the output
   */
  static Counts write(Path answers, Path output, Optional<Path> errors) throws IOException {
    try (AtomicFile outputFile = AtomicFile.create(output);
        @Nullable AtomicFile errorFile =
            errors.isPresent() ? AtomicFile.create(errors.get()) : null) {
      OutputStream lines = new BufferedOutputStream(outputFile.stream(), BUFFER_BYTES);
      OutputStream errorLines =
          errorFile == null ? lines : new BufferedOutputStream(errorFile.stream(), BUFFER_BYTES);
      BatchResponses responses =
          new BatchResponses(
              Instant.now().getEpochSecond(),
              fingerprint(answers),
              (json, isError) -> {
                OutputStream stream = isError ? errorLines : lines;
                stream.write(json.getBytes(UTF_8));
                stream.write('\n');
              });
      read(answers, responses);
      responses.finish();
      errorLines.flush();
      lines.flush();
      if (errorFile != null) {
        errorFile.commit();
      }
      outputFile.commit();
      return new Counts(responses.lines(), responses.failed());
    }
  }

  private static void read(Path answers, BatchResponses responses) throws IOException {
    InputFiles files = ParquetInputs.inspect(answers.toString());
    InputColumns columns = files.select(BatchResponses.columns());
    BatchFormat format =
        files.format(new BatchLayout(columns.columns(), columns.schema(), BATCH_ROWS, BATCH_BYTES));
    for (FileSplit split : files.splits(Long.MAX_VALUE)) {
      try (BatchFormat.Batches batches = format.open(split, ArrowMemory.allocator())) {
        for (ArrowBatch next = batches.next(); next != null; next = batches.next()) {
          try (ArrowBatch batch = next) {
            responses.add(batch.root());
          }
        }
      }
    }
  }

  private static String fingerprint(Path answers) throws IOException {
    byte[] identity =
        AtomicFile.read(new Path(answers, IDENTITY))
            .orElseThrow(() -> new IOException(answers + " has no " + IDENTITY));
    byte[] hash = Sha256.digest().digest(identity);
    return "fp_" + HexFormat.of().formatHex(hash).substring(0, FINGERPRINT_DIGITS);
  }
}
