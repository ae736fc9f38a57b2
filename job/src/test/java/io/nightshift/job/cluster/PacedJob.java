package io.nightshift.job.cluster;

import io.nightshift.job.pipeline.EmbeddedRuns;
import io.nightshift.job.pipeline.ParquetRows;
import io.nightshift.runtime.model.RealModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A job of many short rows for engines of set speed. */
final class PacedJob {
  private static final String SCHEMA =
      "message rows { required int64 id; required binary text (STRING); }";

  /** Rows that share a prefix. */
  private static final int GROUP = 50;

  private final Path folder;
  private final Path input;
  private final Path file;
  private final Path jar;

  /** Rows of the job. */
  final int rows;

  /**
   * Writes input, job file and the engines' jar.
   *
   * @param answer how rows are answered, in YAML: with one token, for the tally to count rows
   */
  PacedJob(Path folder, int rows, String answer) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.rows = rows;
    this.input = folder.resolve("rows.parquet");
    this.file = folder.resolve("job.yaml");
    this.jar = PacedNightshift.jar(folder);
    ParquetRows.write(
        input,
        SCHEMA,
        rows,
        (id, row) ->
            row.append("id", (long) id)
                .append("text", "group %s, member %s".formatted(id % (rows / GROUP), id)));
    Files.writeString(
        file,
        """
        input: {path: %s}
        model: {path: %s, device: cpu}
        prompt: {text: "A row of a test. {{ text }}"}
        %s
        output: {path: %s}
        plan: {unit-tokens: 2000}
        """
            .formatted(input, RealModel.smolLm2(), answer, folder.resolve("answers")));
  }

  /** What the engines' program has besides {@code nightshift.jar}. */
  Path jar() {
    return jar;
  }

  /** Where the rows lie that are answered. */
  Path input() {
    return input;
  }

  /** What the engines of a run have computed so far, rows that were lost included. */
  long computed(String run) {
    return Tally.byEngine(tally(run)).values().stream().mapToLong(Tally.Work::rows).sum();
  }

  /** Lets the engines of a run be as fast as they can from now on. */
  void release(String run) throws IOException {
    Tally.release(tally(run));
  }

  /** The GPUs that the engines of a run have asked for. */
  List<Integer> gpus(String run) throws IOException {
    return FakeGpu.asked(tally(run));
  }

  /** The folder of the tally of a run's engines. */
  Path tally(String run) {
    return folder.resolve(run.replace('/', '-') + ".tally");
  }

  /** Where a run's answers go. */
  Path output(String run) {
    return folder.resolve(run);
  }

  /** Runs the job in this process, undisturbed, and returns its answers. */
  List<String> undisturbed() throws Exception {
    Path output = output("undisturbed");
    PacedEngines engines = new PacedEngines(1_000_000, tally("undisturbed").toString());
    new EmbeddedRuns((job, model) -> engines).run(Files.readString(file), "output.path=" + output);
    return Answers.read(output);
  }

  /** What the program is called with. */
  String[] arguments(String run, double rowsPerSecond, String... overrides) {
    List<String> arguments = new ArrayList<>();
    arguments.add(Double.toString(rowsPerSecond));
    arguments.add(tally(run).toString());
    arguments.add("run");
    arguments.add(file.toString());
    arguments.addAll(List.of("--set", "output.path=" + output(run)));
    for (String override : overrides) {
      arguments.addAll(List.of("--set", override));
    }
    return arguments.toArray(String[]::new);
  }

  /** Submits the job to a session cluster. */
  TestProcess submit(
      FlinkProcessCluster cluster, String run, double rowsPerSecond, String... overrides)
      throws IOException {
    return submit(cluster, List.of(), run, rowsPerSecond, overrides);
  }

  /**
   * @param options of {@code flink run}
   */
  TestProcess submit(
      FlinkProcessCluster cluster,
      List<String> options,
      String run,
      double rowsPerSecond,
      String... overrides)
      throws IOException {
    return PacedNightshift.submit(cluster, jar, options, arguments(run, rowsPerSecond, overrides));
  }
}
