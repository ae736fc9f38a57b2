package io.nightshift.job.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A TaskManager is out of reach for longer than its heartbeats may be late, its work goes to
 * another, and it comes back with what it still meant to do. Nothing of that may appear.
 */
@SuppressWarnings("NullAway.Init") // set before all tests
class CutOffIT {
  private static final int TIMES = LongForm.choose(1, 5);

  /** How long it stays away when the job has gone on without it. */
  private static final long SECONDS_APART = 2;

  @TempDir private static Path folder;
  private static PacedJob job;
  private static List<String> expected;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    job =
        new PacedJob(
            folder,
            DisturbedRun.rows(3 * TIMES),
            """
            answer: {max-tokens: 1}
            sampling: {temperature: 1, seed: 12}
            """);
    expected = job.undisturbed();
  }

  /** Puts a TaskManager out of reach, or back. */
  private interface Cut {
    void cut(String taskManager) throws IOException, InterruptedException;

    void mend(String taskManager) throws IOException, InterruptedException;
  }

  /** Its process stands still, connections and all, and goes on where it was. */
  @Test
  void aTaskManagerIsFrozen() throws Exception {
    try (FlinkProcessCluster cluster = cluster("frozen", Map.of())) {
      cluster.startJobManager().startTaskManagers(DisturbedRun.TASKS + 1);
      runAndCut(cluster, "frozen", freezing(cluster));
    }
  }

  private static Cut freezing(FlinkProcessCluster cluster) {
    return new Cut() {
      @Override
      public void cut(String taskManager) throws IOException, InterruptedException {
        cluster.taskManager(taskManager).signal("STOP");
      }

      @Override
      public void mend(String taskManager) throws IOException, InterruptedException {
        cluster.taskManager(taskManager).signal("CONT");
      }
    };
  }

  /**
   * Its host has no network, so that it goes on computing and writing. Where this machine allows no
   * network namespaces, it is frozen, too.
   */
  @Test
  void aHostIsCutOff() throws Exception {
    Optional<HostNetwork> allowed = HostNetwork.create(DisturbedRun.TASKS + 1);
    if (allowed.isEmpty()) {
      System.out.println("no network namespaces: hosts are frozen instead");
      try (FlinkProcessCluster cluster = cluster("cut-off", Map.of())) {
        cluster.startJobManager().startTaskManagers(DisturbedRun.TASKS + 1);
        runAndCut(cluster, "cut-off", freezing(cluster));
      }
      return;
    }
    try (HostNetwork network = allowed.get()) {
      Map<String, String> addresses =
          Map.of(
              "jobmanager.rpc.address", network.address(),
              "jobmanager.bind-host", "0.0.0.0",
              "rest.address", network.address(),
              "rest.bind-address", "0.0.0.0",
              "taskmanager.bind-host", "0.0.0.0");
      try (FlinkProcessCluster cluster = cluster("cut-off", addresses)) {
        cluster.startJobManager();
        Map<String, HostNetwork.Host> hosts = new HashMap<>();
        for (HostNetwork.Host host : network.hosts()) {
          cluster.launchTaskManager(
              host.wrapper(),
              List.of(),
              Map.of("taskmanager.host", host.address(), "taskmanager.resource-id", host.name()));
          hosts.put(host.name(), host);
        }
        cluster.awaitTaskManagers();
        runAndCut(cluster, "cut-off", unplugging(hosts));
      }
    }
  }

  /**
   * @param hosts of the TaskManagers by their names
   */
  private static Cut unplugging(Map<String, HostNetwork.Host> hosts) {
    return new Cut() {
      @Override
      public void cut(String taskManager) throws IOException, InterruptedException {
        Objects.requireNonNull(hosts.get(taskManager)).cutOff();
      }

      @Override
      public void mend(String taskManager) throws IOException, InterruptedException {
        Objects.requireNonNull(hosts.get(taskManager)).reconnect();
      }
    };
  }

  private static FlinkProcessCluster cluster(String name, Map<String, String> addresses)
      throws IOException {
    Map<String, String> settings = DisturbedRun.settings(folder.resolve(name + "-checkpoints"));
    settings.put("heartbeat.timeout", "5 s");
    settings.putAll(addresses);
    return FlinkProcessCluster.session(folder.resolve(name + "-cluster"), settings);
  }

  private static void runAndCut(FlinkProcessCluster cluster, String name, Cut cut)
      throws Exception {
    DisturbedRun run = new DisturbedRun(job, expected, name);
    TestProcess client = run.submit(cluster);
    RunningInference inference = run.await(cluster, () -> client);
    for (int time = 0; time < TIMES; time++) {
      inference.awaitCheckpoints(inference.checkpoints() + 1);
      String victim = cluster.busyTaskManager();
      long begin = System.nanoTime();
      run.disturb(inference, () -> cut.cut(victim));
      TimeUnit.SECONDS.sleep(SECONDS_APART);
      cut.mend(victim);
      client.await("the return of " + victim, () -> cluster.isRegistered(victim));
      inference.awaitCheckpoints(inference.checkpoints() + 1);
      run.allowOneEngine((System.nanoTime() - begin) / 1e9);
    }
    run.release();
    run.requireExact(client.ended());
  }
}
