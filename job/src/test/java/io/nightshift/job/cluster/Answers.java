package io.nightshift.job.cluster;

import io.nightshift.job.pipeline.ParquetRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.parquet.example.data.Group;

/** The answers of a run, to be compared with another run's. */
final class Answers {
  private Answers() {}

  /**
   * Every row of a folder as text, by {@code id}. How many tokens came from the cache is left out:
   * it depends on which task answered the row, and when.
   */
  static List<String> read(Path folder) throws IOException {
    return ParquetRows.read(folder).stream().map(Answers::text).toList();
  }

  /** The ids of a folder's rows, file after file. */
  static List<Long> idsInOrder(Path folder) throws IOException {
    return ParquetRows.readInOrder(folder).stream().map(row -> row.getLong("id", 0)).toList();
  }

  private static String text(Group row) {
    return row.toString()
        .lines()
        .filter(line -> !line.startsWith("cached_tokens"))
        .collect(Collectors.joining("\n"));
  }
}
