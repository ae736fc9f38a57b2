package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Processes of the cluster die by SIGKILL in the middle of a run, and the answers are those of an
 * undisturbed one. In the {@link LongForm} more often.
 */
@SuppressWarnings("NullAway.Init") // set before all tests
class KillIT {
  private static final int TASK_MANAGER_KILLS = LongForm.choose(3, 20);
  private static final int JOB_MANAGER_KILLS = LongForm.choose(1, 5);

  /** A job and its undisturbed answers. */
  private record Sampled(PacedJob job, List<String> answers) {
    static Sampled of(Path folder, int kills, String sampling) throws Exception {
      int rows = DisturbedRun.rows(kills);
      PacedJob job =
          new PacedJob(folder, rows, "answer: {max-tokens: 1}\nsampling: " + sampling + "\n");
      List<String> answers = job.undisturbed();
      assertThat(answers).hasSize(rows);
      return new Sampled(job, answers);
    }

    DisturbedRun run(String name) {
      return new DisturbedRun(job, answers, name);
    }
  }

  @TempDir private static Path folder;
  private static Sampled greedy;
  private static Sampled seeded;

  /** Where TaskManagers die: each is followed by another, so that tests find it as it was. */
  private static FlinkProcessCluster session;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    greedy = Sampled.of(folder.resolve("greedy"), TASK_MANAGER_KILLS, "{temperature: 0}");
    seeded = Sampled.of(folder.resolve("seeded"), TASK_MANAGER_KILLS, "{temperature: 1, seed: 11}");
    assertThat(greedy.answers()).isNotEqualTo(seeded.answers());
    session =
        FlinkProcessCluster.session(
                folder.resolve("session"), DisturbedRun.settings(folder.resolve("checkpoints")))
            .startJobManager()
            .startTaskManagers(DisturbedRun.TASKS + 1);
  }

  @AfterAll
  static void stopSession() throws Exception {
    session.close();
  }

  static Stream<DisturbedRun> runsWhoseTaskManagersDie() {
    DisturbedRun always = seeded.run("TaskManagers, seeded sampling");
    return LongForm.choose(
        Stream.of(always), Stream.of(always, greedy.run("TaskManagers, temperature 0")));
  }

  @ParameterizedTest
  @MethodSource("runsWhoseTaskManagersDie")
  void taskManagersDie(DisturbedRun run) throws Exception {
    TestProcess client = run.submit(session);
    RunningInference inference = run.await(session, () -> client);
    for (int kill = 0; kill < TASK_MANAGER_KILLS; kill++) {
      run.disturb(
          inference,
          () -> {
            session.killBusyTaskManager();
            session.launchTaskManager();
          });
    }
    run.release();
    run.requireExact(client.ended());
  }

  @Test
  void aTaskManagerEndsWithTheDeviceOfItsProcess() throws Exception {
    DisturbedRun run = greedy.run("a device is lost");
    TestProcess client = run.submit(session);
    RunningInference inference = run.await(session, () -> client);
    run.disturb(
        inference,
        () -> {
          run.loseDevice();
          session.awaitEndOfTaskManager();
          session.launchTaskManager();
        });
    run.release();
    run.requireExact(client.ended());
  }

  @Test
  void aTaskManagerDiesWhileRowsAreBroughtIntoOrder() throws Exception {
    String run = "ordered";
    PacedJob job = greedy.job();
    TestProcess client =
        job.submit(session, run, DisturbedRun.ROWS_PER_SECOND, "output.order=input");
    RunningInference.await(session, client, job, run).awaitComputed(1);
    job.release(run);
    client.await(
        "tasks of the ordering job",
        () ->
            session.findRunningJob("Nightshift order").isPresent()
                && session.findBusyTaskManager().isPresent());
    session.killBusyTaskManager();
    session.launchTaskManager();
    Ended ended = client.ended();

    assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
    assertThat(Answers.read(job.output(run))).isEqualTo(greedy.answers());
    assertThat(Answers.idsInOrder(job.output(run))).as("in the input's order").isSorted();
  }

  /** Two requests of a line may be answered before and after. */
  @Test
  void aTaskManagerDiesWhileABatchFileIsAnswered() throws Exception {
    int lines = 600;
    PacedBatch batch = PacedBatch.write(folder.resolve("batch"), lines);
    TestProcess client = batch.submit(session, "killed", DisturbedRun.ROWS_PER_SECOND);
    client.await(
        "answers",
        () ->
            Tally.byEngine(batch.tally("killed")).values().stream()
                    .mapToLong(Tally.Work::rows)
                    .sum()
                > lines / 2);
    session.killBusyTaskManager();
    session.launchTaskManager();
    Tally.release(batch.tally("killed"));
    Ended ended = client.ended();

    assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
    assertThat(batch.responses("killed"))
        .containsExactlyElementsOf(
            IntStream.range(0, lines).mapToObj(line -> "line " + line + ": 2").toList());
  }

  @Test
  void theJobManagerDies() throws Exception {
    DisturbedRun run = greedy.run("JobManager, session mode");
    Map<String, String> settings = settings(run);
    try (ZooKeeperProcess zooKeeper =
        ZooKeeperProcess.start(folder.resolve(run.folder("zookeeper")))) {
      settings.putAll(zooKeeper.settings(folder.resolve(run.folder("ha"))));
      try (FlinkProcessCluster cluster =
          FlinkProcessCluster.session(folder.resolve(run.folder("cluster")), settings)) {
        cluster.startJobManager().startTaskManagers(DisturbedRun.TASKS);
        TestProcess client = run.submit(cluster);
        RunningInference inference = run.await(cluster, () -> client);
        killJobManagers(run, cluster, inference);
        run.requireExact(client.ended());
      }
    }
  }

  /** The next JobManager calls the program's main method again. */
  @Test
  void theJobManagerOfAnApplicationDies() throws Exception {
    DisturbedRun run = seeded.run("JobManager, application mode");
    Map<String, String> settings = settings(run);
    try (ZooKeeperProcess zooKeeper =
        ZooKeeperProcess.start(folder.resolve(run.folder("zookeeper")))) {
      settings.putAll(zooKeeper.settings(folder.resolve(run.folder("ha"))));
      try (FlinkProcessCluster cluster =
          FlinkProcessCluster.application(
              folder.resolve(run.folder("cluster")),
              settings,
              List.of(FlinkProcessCluster.JAR, seeded.job().jar()),
              PacedNightshift.class.getName(),
              run.arguments())) {
        cluster.startJobManager().startTaskManagers(DisturbedRun.TASKS);
        String plan = "Nightshift plan";
        cluster.jobManager().await("the plan job", () -> cluster.findRunningJob(plan).isPresent());
        cluster.killJobManager();
        cluster.startJobManager();
        RunningInference inference = run.await(cluster, cluster::jobManager);
        killJobManagers(run, cluster, inference);
        run.requireExact(cluster.jobManager().ended());
      }
    }
  }

  private static void killJobManagers(
      DisturbedRun run, FlinkProcessCluster cluster, RunningInference inference) throws Exception {
    for (int kill = 0; kill < JOB_MANAGER_KILLS; kill++) {
      run.disturb(
          inference,
          () -> {
            cluster.killJobManager();
            cluster.startJobManager();
          });
    }
    run.release();
  }

  private static Map<String, String> settings(DisturbedRun run) {
    return DisturbedRun.settings(folder.resolve(run.folder("checkpoints")));
  }
}
