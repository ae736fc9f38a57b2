package io.nightshift.connectors.parquet.compaction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.nightshift.connectors.files.AtomicFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/**
 * All replacements of a compaction. They are recorded in a file before the first one is applied: if
 * the process ends half way, the next run finds the record and applies the rest.
 *
 * @param replacements in any order
 */
public record Replacements(List<Replacement> replacements) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  public Replacements {
    replacements = List.copyOf(replacements);
  }

  /** Writes the record. */
  public void write(Path record) throws IOException {
    AtomicFile.write(record, JSON.writeValueAsBytes(this));
  }

  /**
   * Reads a record; empty if there is none.
   *
   * @throws IOException if the file is not a record
   */
  public static Optional<Replacements> read(Path record) throws IOException {
    Optional<byte[]> json = AtomicFile.read(record);
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(json.get(), Replacements.class));
    } catch (JsonProcessingException e) {
      throw new IOException(record + " is not a record of a compaction: " + e.getMessage(), e);
    }
  }

  /**
   * Applies all replacements and deletes their record. Can be repeated after a failure.
   *
   * @throws IOException naming the record, which is then still there
   */
  public void apply(Path record) throws IOException {
    for (Replacement replacement : replacements) {
      try {
        replacement.apply();
      } catch (IOException e) {
        throw new IOException(
            ("Cannot put %s in place of %s smaller files in %s. Run the job again to retry; if"
                    + " the file is lost, delete %s to have its %s rows processed again")
                .formatted(
                    replacement.name(),
                    replacement.obsolete().size(),
                    replacement.folder(),
                    record,
                    replacement.rows()),
            e);
      }
    }
    record.getFileSystem().delete(record, false);
  }
}
