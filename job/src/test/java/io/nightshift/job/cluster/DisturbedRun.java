package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** A run that faults befall, and what has to be true of its answers nevertheless. */
final class DisturbedRun {
  /** Engines of the job, one a task. */
  static final int TASKS = 2;

  /** Of each engine. */
  static final double ROWS_PER_SECOND = 100;

  private static final int ROWS_BETWEEN_FAULTS = 100;

  private final PacedJob job;
  private final List<String> expected;
  private final String name;
  private int faults;
  private double lostSeconds;

  /**
   * @param expected answers of an undisturbed run
   * @param name of the run
   */
  DisturbedRun(PacedJob job, List<String> expected, String name) {
    this.job = job;
    this.expected = expected;
    this.name = name;
  }

  /** Enough rows for so many faults, also on a machine where recovery takes long. */
  static int rows(int faults) {
    return 1500 * (faults + 1);
  }

  /** A cluster's settings: short checkpoint intervals, and no end to restarts. */
  static Map<String, String> settings(Path checkpoints) {
    Map<String, String> settings = new HashMap<>();
    settings.put("execution.checkpointing.interval", "500 ms");
    settings.put("execution.checkpointing.dir", checkpoints.toUri().toString());
    settings.put("restart-strategy.type", "fixed-delay");
    settings.put("restart-strategy.fixed-delay.attempts", "1000");
    settings.put("restart-strategy.fixed-delay.delay", "100 ms");
    return settings;
  }

  /** The name of a folder of the run's. */
  String folder(String of) {
    return (name + " " + of).replaceAll("\\W+", "-");
  }

  /** Submits the run to a session cluster. */
  TestProcess submit(FlinkProcessCluster cluster) throws IOException {
    return job.submit(cluster, name, ROWS_PER_SECOND);
  }

  /** Waits until the run has come to its infer job. */
  RunningInference await(FlinkProcessCluster cluster, Supplier<TestProcess> program)
      throws IOException, InterruptedException {
    return RunningInference.await(cluster, program, job, name);
  }

  @Override
  public String toString() {
    return name;
  }

  /** What the program is called with. */
  String[] arguments() {
    return job.arguments(name, ROWS_PER_SECOND);
  }

  /** Lets something happen, once the job has come on and has a new checkpoint. */
  void disturb(RunningInference inference, RunningInference.Disturbance fault) throws Exception {
    inference.awaitComputed(inference.computed() + ROWS_BETWEEN_FAULTS);
    inference.awaitCheckpoints(inference.checkpoints() + 1);
    lostSeconds += inference.disturb(fault);
    faults++;
  }

  /** One engine may have gone on for so long, though nobody waited for it. */
  void allowOneEngine(double seconds) {
    lostSeconds += seconds / TASKS;
  }

  /** One of the engines loses its device. */
  void loseDevice() throws IOException {
    Tally.loseDevice(job.tally(name));
  }

  /** No more faults: the rest may go fast. */
  void release() throws IOException {
    job.release(name);
  }

  /**
   * Every row has the answer it has without faults, once; no more was computed again than lay
   * between faults and the checkpoints before them; and nothing is left of what was lost.
   *
   * @param program that has ended
   */
  void requireExact(Ended program) throws IOException {
    assertThat(program.status()).as(program.out() + program.err()).isZero();
    List<String> answers = Answers.read(job.output(name));
    int distinct = new HashSet<>(answers).size();
    long recomputed = job.computed(name) - job.rows;
    System.out.printf(
        "%s: %d faults, %d rows, %d doubled, %d lost, %d recomputed"
            + " (%.1f s between checkpoints and recoveries, %d engines of %.0f rows/s)%n",
        name,
        faults,
        job.rows,
        answers.size() - distinct,
        job.rows - distinct,
        recomputed,
        lostSeconds,
        TASKS,
        ROWS_PER_SECOND);
    assertThat(answers).isEqualTo(expected);
    assertThat(program.out()).contains(String.format(Locale.ROOT, "Answered %,d rows", job.rows));
    assertThat((double) recomputed).isLessThanOrEqualTo(lostSeconds * TASKS * ROWS_PER_SECOND);
    requireNoLeftovers();
  }

  /** Files that were begun and never committed are gone. */
  void requireNoLeftovers() throws IOException {
    try (var files = Files.list(job.output(name))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("uncommitted files")
          .noneMatch(name -> name.startsWith("."));
    }
  }
}
