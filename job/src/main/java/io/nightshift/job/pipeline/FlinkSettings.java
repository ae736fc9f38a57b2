package io.nightshift.job.pipeline;

import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;

/** What our jobs ask of Flink. What the cluster's or the user's own configuration says comes on top. */
final class FlinkSettings {
  private FlinkSettings() {}

  /** For the plan job: batch mode has a result at the end or none, and Flink retries its tasks. */
  static Configuration forPlan() {
    Configuration flink = common();
    flink.set(CoreOptions.DEFAULT_PARALLELISM, Runtime.getRuntime().availableProcessors());
    return flink;
  }

  /** For the infer job. */
  static Configuration forInfer() {
    Configuration flink = common();
    flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMinutes(1));
    flink.set(CoreOptions.DEFAULT_PARALLELISM, 1);
    return flink;
  }

  private static Configuration common() {
    Configuration flink = new Configuration();
    flink.set(PipelineOptions.OBJECT_REUSE, true);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
    // In one process, counts reach the progress line with the heartbeats, and sorting wants memory.
    flink.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofMillis(500));
    flink.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
    return flink;
  }
}
