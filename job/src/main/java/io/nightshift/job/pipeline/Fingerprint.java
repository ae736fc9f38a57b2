package io.nightshift.job.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.parquet.ParquetInputFile;
import io.nightshift.connectors.parquet.ParquetInputs;
import io.nightshift.job.options.JobSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells two runs apart whose outputs must not be mixed: by input files, model, prompt, answer,
 * sampling and kept columns.
 */
final class Fingerprint {
  private Fingerprint() {}

  /** SHA-256, in hexadecimal, of everything that the output depends on. */
  static String of(JobSpecification job, ParquetInputs inputs, Path modelPath) {
    StringBuilder parts = new StringBuilder();
    for (ParquetInputFile file : inputs.files()) {
      add(parts, file.path(), file.length(), file.modificationTime());
    }
    add(parts, modelPath.getFileName(), modelBytes(modelPath), job.model().dtype());
    add(parts, job.prompt(), job.answer(), job.sampling(), job.output().columns());
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(parts.toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static void add(StringBuilder parts, Object... values) {
    for (Object value : values) {
      String text = value.toString();
      parts.append(text.length()).append(':').append(text).append('\n');
    }
  }

  private static long modelBytes(Path model) {
    try (var files = Files.walk(model)) {
      return files.filter(Files::isRegularFile).mapToLong(Fingerprint::size).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
