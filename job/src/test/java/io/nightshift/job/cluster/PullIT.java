package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.Tally.Work;
import io.nightshift.job.cluster.TestProcess.Ended;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four engines of different speeds share a job: each gets as much as it can do. */
class PullIT {
  private static final double ROWS_PER_SECOND = 100;
  private static final int ROWS = LongForm.choose(6_000, 33_000);

  /** By the engines' names. */
  private static final Map<String, Double> SPEEDS =
      new TreeMap<>(Map.of("full-1", 1.0, "full-2", 1.0, "half", 0.5, "quarter", 0.25));

  @TempDir private Path folder = Path.of("");

  @Test
  void aSlowEngineGetsLess() throws Exception {
    PacedJob job = new PacedJob(folder, ROWS, "answer: {max-tokens: 1}");
    List<String> expected = job.undisturbed();
    Map<String, String> settings = DisturbedRun.settings(folder.resolve("checkpoints"));
    settings.put("parallelism.default", Integer.toString(SPEEDS.size()));
    settings.put("execution.checkpointing.interval", "5 s");
    try (FlinkProcessCluster cluster =
        FlinkProcessCluster.session(folder.resolve("cluster"), settings)) {
      cluster.startJobManager();
      for (Map.Entry<String, Double> engine : SPEEDS.entrySet()) {
        cluster.launchTaskManager(
            List.of(), PacedEngines.options(engine.getKey(), engine.getValue()), Map.of());
      }
      cluster.awaitTaskManagers();

      // As many as these engines run: what a slow one has taken ahead nobody else gets.
      Ended client =
          job.submit(cluster, "run", ROWS_PER_SECOND, "engine.max-running-sequences=16").ended();

      assertThat(client.status()).as(client.err()).isZero();
      assertThat(Answers.read(job.output("run"))).isEqualTo(expected);
      print(job.tally("run"));
      cluster.idleTimes().forEach(System.out::println);
      double total = SPEEDS.values().stream().mapToDouble(Double::doubleValue).sum();
      Tally.byEngine(job.tally("run"))
          .forEach(
              (engine, work) ->
                  assertThat(work.rows() / (ROWS * speed(engine) / total))
                      .as("rows of %s by its share of the speed", engine)
                      .isBetween(0.5, 1.5));
    }
  }

  private static double speed(String engine) {
    return Objects.requireNonNull(SPEEDS.get(engine));
  }

  /** What each engine did, and how much later than possible the last was done. */
  private static void print(Path tally) {
    Map<String, Work> engines = Tally.byEngine(tally);
    long first = engines.values().stream().mapToLong(Work::began).min().orElseThrow();
    long last = engines.values().stream().mapToLong(Work::ended).max().orElseThrow();
    engines.forEach(
        (engine, work) ->
            System.out.printf(
                "%s: %d rows, from %.1f s to %.1f s%n",
                engine, work.rows(), (work.began() - first) / 1e3, (work.ended() - first) / 1e3));
    double seconds = (last - first) / 1e3;
    System.out.printf(
        "done after %.2f s; %.1f%% later than at the set speeds, %.1f%% later than had all ended at"
            + " once at the speeds they had%n",
        seconds,
        100 * (seconds / idealSeconds(engines, first, PullIT::setSpeed) - 1),
        100 * (seconds / idealSeconds(engines, first, (engine, work) -> work.rowsPerSecond()) - 1));
  }

  private static double setSpeed(String engine, Work work) {
    return ROWS_PER_SECOND * speed(engine);
  }

  /**
   * When all rows could be done, by engines that begin when they did.
   *
   * @param speeds in rows a second
   */
  private static double idealSeconds(
      Map<String, Work> engines, long first, ToDoubleBiFunction<String, Work> speeds) {
    double all = 0;
    double missed = 0;
    for (Map.Entry<String, Work> engine : engines.entrySet()) {
      double own = speeds.applyAsDouble(engine.getKey(), engine.getValue());
      all += own;
      missed += own * (engine.getValue().began() - first) / 1e3;
    }
    return (ROWS + missed) / all;
  }
}
