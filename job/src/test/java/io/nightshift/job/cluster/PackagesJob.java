package io.nightshift.job.cluster;

import io.nightshift.job.pipeline.EmbeddedRuns;
import io.nightshift.job.pipeline.ParquetRows;
import io.nightshift.runtime.model.RealModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.jspecify.annotations.Nullable;

/** The job of {@code examples/packages} on its first rows, with the real model. */
final class PackagesJob {
  private static final Path EXAMPLE = Path.of("../examples/packages").toAbsolutePath().normalize();
  private static final org.apache.flink.core.fs.Path JOB =
      new org.apache.flink.core.fs.Path(EXAMPLE.resolve("job.yaml").toUri());
  private static final String SCHEMA =
      """
      message packages {
        required int64 id;
        required binary package (STRING);
        required binary description (STRING);
        required binary section (STRING);
      }
      """;

  /** Rows of the job. */
  static final int ROWS = LongForm.choose(24, 400);

  private static @Nullable List<String> answersHere;

  private final Path input;

  /** Writes the job's input into a folder. */
  PackagesJob(Path folder) throws IOException {
    input = folder.resolve("packages.parquet");
    List<Group> packages = ParquetRows.read(EXAMPLE.resolve("packages.parquet"));
    ParquetRows.write(input, SCHEMA, ROWS, (row, group) -> copy(packages.get(row), group));
  }

  private static void copy(Group source, Group target) {
    target.append("id", source.getLong("id", 0));
    for (String column : List.of("package", "description", "section")) {
      target.append(column, source.getString(column, 0));
    }
  }

  /** The job file of the example. */
  static Path file() {
    return EXAMPLE.resolve("job.yaml");
  }

  /** The job's input. */
  Path input() {
    return input;
  }

  /** What {@code run} is called with where everything lies on another file system. */
  static String[] arguments(
      String file, String input, String model, String output, String... moreOverrides) {
    List<String> overrides = new ArrayList<>(overrides(input, model, output));
    overrides.addAll(List.of(moreOverrides));
    return arguments(file, overrides.stream());
  }

  /** What {@code run} is called with. */
  String[] arguments(Path output, String... moreOverrides) {
    Stream<String> all = Stream.concat(overrides(output).stream(), Stream.of(moreOverrides));
    return arguments(JOB.toString(), all);
  }

  private static String[] arguments(String file, Stream<String> overrides) {
    Stream<String> options = overrides.flatMap(override -> Stream.of("--set", override));
    return Stream.concat(Stream.of("run", file), options).toArray(String[]::new);
  }

  private List<String> overrides(Path output) {
    return overrides(input.toString(), RealModel.smolLm2().toString(), output.toString());
  }

  private static List<String> overrides(String input, String model, String output) {
    return List.of(
        "input.path=" + input,
        "output.path=" + output,
        "model.path=" + model,
        "engine.kv-cache-memory=100m",
        // Few, so that a task has not all rows at once.
        "engine.max-running-sequences=8",
        "engine.threads=1");
  }

  /** The answers of a run in this process, which is made once for all tests. */
  List<String> answersHere() throws Exception {
    synchronized (PackagesJob.class) {
      if (answersHere == null) {
        Path output = input.resolveSibling("here");
        new EmbeddedRuns()
            .run(
                Files.readString(Path.of(JOB.getPath())), overrides(output).toArray(String[]::new));
        answersHere = Answers.read(output);
      }
      return answersHere;
    }
  }
}
