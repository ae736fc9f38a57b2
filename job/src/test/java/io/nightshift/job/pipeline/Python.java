package io.nightshift.job.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Python with pyarrow, DuckDB and the types of OpenAI, in the environment that tools/python-env
 * makes.
 */
public final class Python {
  private static final String IMPORTS =
      "import glob, os, pyarrow as pa, pyarrow.dataset as ds, pyarrow.parquet as pq, duckdb\n";

  private Python() {}

  /**
   * Runs statements.
   *
   * @param folder that they run in
   * @return the lines that they print
   */
  public static List<String> run(Path folder, String statements)
      throws IOException, InterruptedException {
    String interpreter =
        output(Path.of("."), Path.of("../tools/python-env").toAbsolutePath().toString()).get(0);
    return output(folder, interpreter, "-c", IMPORTS + statements);
  }

  private static List<String> output(Path folder, String... command)
      throws IOException, InterruptedException {
    Path errors = Files.createTempFile("python", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectError(errors.toFile())
              .start();
      List<String> lines;
      try (var output = process.inputReader(StandardCharsets.UTF_8)) {
        lines = output.lines().toList();
      }
      if (process.waitFor() != 0) {
        throw new IOException(command[0] + " failed:\n" + Files.readString(errors));
      }
      return lines;
    } finally {
      Files.delete(errors);
    }
  }
}
