package io.nightshift.connectors.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * pyarrow, DuckDB and polars as readers of files, in the environment that tools/python-env makes.
 */
public final class PythonReaders {
  private static final Path SCRIPT = Path.of("src/test/python/read_files.py");
  private static final Path REQUIREMENTS = Path.of("../tools/requirements.txt");
  private static final int HASH_CHARACTERS = 12;

  private PythonReaders() {}

  /**
   * What readers find in files.
   *
   * @param readings READER=FILE, as read_files.py takes them
   * @return for each of them the rows as {@link io.nightshift.connectors.arrow.CanonicalJson} has
   *     them
   */
  public static List<List<JsonNode>> read(List<String> readings)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(SCRIPT.toString()));
    arguments.addAll(readings);
    List<List<JsonNode>> results = new ArrayList<>();
    for (String line : run(Path.of("."), arguments)) {
      List<JsonNode> rows = new ArrayList<>();
      new ObjectMapper().readTree(line).forEach(rows::add);
      results.add(rows);
    }
    return results;
  }

  /**
   * Runs Python statements, with pyarrow, its Parquet module and DuckDB imported as pa, pq and
   * duckdb.
   *
   * @param folder that the statements run in
   * @return the lines that they print
   */
  public static List<String> python(Path folder, String statements)
      throws IOException, InterruptedException {
    String imports = "import pyarrow as pa, pyarrow.parquet as pq, duckdb\n";
    return run(folder, List.of("-c", imports + statements));
  }

  private static List<String> run(Path folder, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(interpreter()));
    command.addAll(arguments);
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
        throw new IOException(command + " failed:\n" + Files.readString(errors));
      }
      return lines;
    } finally {
      Files.delete(errors);
    }
  }

  private static String interpreter() throws IOException {
    String cache = System.getenv("NIGHTSHIFT_CACHE");
    Path folder =
        cache == null
            ? Path.of(System.getProperty("user.home"), ".cache", "nightshift")
            : Path.of(cache);
    Path interpreter = folder.resolve("python-" + requirementsHash()).resolve("bin/python");
    if (!Files.isExecutable(interpreter)) {
      throw new IOException("No Python environment at " + interpreter + ": run tools/python-env");
    }
    return interpreter.toString();
  }

  private static String requirementsHash() throws IOException {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(REQUIREMENTS));
      return HexFormat.of().formatHex(hash).substring(0, HASH_CHARACTERS);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
