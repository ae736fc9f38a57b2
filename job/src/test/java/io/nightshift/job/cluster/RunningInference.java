package io.nightshift.job.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.function.Supplier;

/** The infer job of a run on a cluster, as its JobManager and the engines' tally show it. */
final class RunningInference {
  private final FlinkProcessCluster cluster;
  private final Supplier<TestProcess> program;
  private final PacedJob job;
  private final String run;
  private final String id;

  private RunningInference(
      FlinkProcessCluster cluster,
      Supplier<TestProcess> program,
      PacedJob job,
      String run,
      String id) {
    this.cluster = cluster;
    this.program = program;
    this.job = job;
    this.run = run;
    this.id = id;
  }

  /** Waits until a run that has been submitted has come to its infer job. */
  static RunningInference await(
      FlinkProcessCluster cluster, TestProcess client, PacedJob job, String run)
      throws IOException, InterruptedException {
    return await(cluster, () -> client, job, run);
  }

  /**
   * Waits until a run has come to its infer job.
   *
   * @param program the process that the program runs in, as long as which it makes sense to wait
   */
  static RunningInference await(
      FlinkProcessCluster cluster, Supplier<TestProcess> program, PacedJob job, String run)
      throws IOException, InterruptedException {
    String name = "Nightshift infer";
    program.get().await("the infer job", () -> cluster.findRunningJob(name).isPresent());
    return new RunningInference(
        cluster, program, job, run, cluster.findRunningJob(name).orElseThrow());
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
    program.get().await(rows + " computed rows", () -> job.computed(run) >= rows);
  }

  /** Checkpoints completed so far. */
  int checkpoints() {
    return statistics().path("counts").path("completed").asInt();
  }

  void awaitCheckpoints(int count) throws IOException, InterruptedException {
    program.get().await(count + " checkpoints", () -> checkpoints() >= count);
  }

  /** Waits until the job has failed, and may go on, for a reason that says so. */
  void awaitFailure(String reason) throws IOException, InterruptedException {
    String exceptions = "/jobs/" + id + "/exceptions?maxExceptions=1";
    program
        .get()
        .await(
            "a failure because of " + reason,
            () -> cluster.tryGet(exceptions).map(JsonNode::toString).orElse("").contains(reason));
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
    program.get().await("recovery", () -> restored() > restoredBefore);
    return (restored() - checkpoint) / 1000.0;
  }

  /** Whether the job, or a part of it, has ever gone back to a checkpoint. */
  boolean hasFailed() {
    return restored() > 0;
  }

  /** When the job last went back to a checkpoint, in epoch milliseconds; 0 if it never has. */
  private long restored() {
    return statistics().at("/latest/restored/restore_timestamp").asLong();
  }

  private JsonNode statistics() {
    return cluster.tryGet("/jobs/" + id + "/checkpoints").orElse(MissingNode.getInstance());
  }
}
