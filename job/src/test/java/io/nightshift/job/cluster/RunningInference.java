package io.nightshift.job.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;

/** The infer job of a run on a cluster, as its JobManager and the engines' tally show it. */
final class RunningInference {
  private final FlinkProcessCluster cluster;
  private final TestProcess client;
  private final PacedJob job;
  private final String run;
  private final String id;

  private RunningInference(
      FlinkProcessCluster cluster, TestProcess client, PacedJob job, String run, String id) {
    this.cluster = cluster;
    this.client = client;
    this.job = job;
    this.run = run;
    this.id = id;
  }

  /** Waits until a run that has been submitted has come to its infer job. */
  static RunningInference await(
      FlinkProcessCluster cluster, TestProcess client, PacedJob job, String run)
      throws IOException, InterruptedException {
    String name = "Nightshift infer";
    client.await("the infer job", () -> cluster.findRunningJob(name).isPresent());
    return new RunningInference(
        cluster, client, job, run, cluster.findRunningJob(name).orElseThrow());
  }

  /** Flink's id of the job. */
  String id() {
    return id;
  }

  /** Rows computed so far, those that were lost included. */
  long computed() {
    return job.computed(run);
  }

  /** Waits until so many rows have been computed. */
  void awaitComputed(long rows) throws IOException, InterruptedException {
    client.await(rows + " computed rows", () -> job.computed(run) >= rows);
  }

  /** Checkpoints completed so far. */
  int checkpoints() {
    return statistics().path("counts").path("completed").asInt();
  }

  void awaitCheckpoints(int count) throws IOException, InterruptedException {
    client.await(count + " checkpoints", () -> checkpoints() >= count);
  }

  /** Something that the job has to recover from. */
  interface Disturbance {
    void happen() throws Exception;
  }

  /**
   * Lets something happen and waits until the job has gone back to a checkpoint.
   *
   * @return seconds from that checkpoint until the job went back to it: the work that was lost
   */
  double disturb(Disturbance disturbance) throws Exception {
    long checkpoint = statistics().at("/latest/completed/trigger_timestamp").asLong();
    long restoredBefore = restored();
    disturbance.happen();
    client.await("recovery", () -> restored() > restoredBefore);
    return (restored() - checkpoint) / 1000.0;
  }

  /** When the job last went back to a checkpoint, in epoch milliseconds; 0 if it never has. */
  private long restored() {
    return statistics().at("/latest/restored/restore_timestamp").asLong();
  }

  private JsonNode statistics() {
    return cluster.tryGet("/jobs/" + id + "/checkpoints").orElse(MissingNode.getInstance());
  }
}
