package io.nightshift.job.topology;

import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The configurations of our Flink jobs: the user's own, over defaults that suit these jobs better
 * than Flink's.
 *
 * @param user what the user has configured: Flink's configuration file, and what {@code flink run}
 *     was given
 * @param embedded whether Flink runs in this process, for this run alone, so that its cluster is
 *     ours to set up as well
 * @param engines number of engines if Flink runs in this process and the user has set no
 *     parallelism
 */
public record FlinkSettings(Configuration user, boolean embedded, int engines) {
  /**
   * Failed checkpoints in a row, after which the job restarts from the last one that was stored.
   */
  private static final int TOLERABLE_CHECKPOINTS = 10;

  /** How soon a checkpoint begins after a TaskManager has announced its end. */
  private static final Duration URGENT_INTERVAL = Duration.ofSeconds(1);

  /**
   * The environment of all jobs of a run. It has to be one: if an application recovers from a lost
   * JobManager, Flink recognizes a job by its name, among those of its environment.
   */
  public StreamExecutionEnvironment environment() {
    return StreamExecutionEnvironment.getExecutionEnvironment(common());
  }

  /** Configures the environment for a job in batch mode: plan, order or compact. */
  public StreamExecutionEnvironment configureForPlan(StreamExecutionEnvironment environment) {
    return configure(environment, forPlan());
  }

  /** Configures the environment for the infer job. */
  public StreamExecutionEnvironment configureForInfer(StreamExecutionEnvironment environment) {
    return configure(environment, forInfer());
  }

  private static StreamExecutionEnvironment configure(
      StreamExecutionEnvironment environment, Configuration flink) {
    // The environment has registered them when it was created, and would do so again.
    flink.removeConfig(DeploymentOptions.JOB_LISTENERS);
    environment.configure(flink);
    return environment;
  }

  /** For jobs in batch mode: they have a result at the end or none, and Flink retries its tasks. */
  Configuration forPlan() {
    Configuration flink = common();
    // There are no checkpoints, and the environment still has what the infer job had.
    flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL_DURING_BACKLOG, Duration.ZERO);
    if (embedded) {
      setDefault(
          flink, CoreOptions.DEFAULT_PARALLELISM, Runtime.getRuntime().availableProcessors());
    }
    return flink;
  }

  /** For the infer job: one slot for each engine. */
  Configuration forInfer() {
    Configuration flink = common();
    setDefault(flink, CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMinutes(1));
    // Flink 2.3 may lose the barrier of a checkpoint that is aborted while a task restarts, and
    // waits for it until the timeout.
    setDefault(flink, CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofMinutes(3));
    // If checkpoints cannot be stored for a while, rows are answered nevertheless.
    setDefault(flink, CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, TOLERABLE_CHECKPOINTS);
    // Whatever the user has set: an engine pauses its source through the task that both are in, and
    // the answers of a task's end are committed by checkpoints after it.
    flink.set(PipelineOptions.OPERATOR_CHAINING, true);
    flink.set(CheckpointingOptions.ENABLE_CHECKPOINTS_AFTER_TASKS_FINISH, true);
    setIntervalDuringBacklog(flink);
    if (embedded) {
      setDefault(flink, CoreOptions.DEFAULT_PARALLELISM, engines);
    }
    return flink;
  }

  /**
   * The source of the job says that it has a backlog, which gives checkpoints the user's interval,
   * unless rows of a task that ends wait for one.
   */
  private void setIntervalDuringBacklog(Configuration flink) {
    Duration interval = flink.get(CheckpointingOptions.CHECKPOINTING_INTERVAL);
    setDefault(flink, CheckpointingOptions.CHECKPOINTING_INTERVAL_DURING_BACKLOG, interval);
    if (!embedded && interval.compareTo(URGENT_INTERVAL) > 0) {
      flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, URGENT_INTERVAL);
    }
  }

  private Configuration common() {
    Configuration flink = new Configuration(user);
    if (!user.contains(RestartStrategyOptions.RESTART_STRATEGY)) {
      setRestarts(flink);
    }
    if (embedded) {
      // Counts reach the progress line with the heartbeats, and sorting wants memory.
      setDefault(flink, HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofMillis(500));
      setDefault(flink, TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
    }
    return flink;
  }

  /**
   * On a cluster the user may be away, so a job survives two minutes without object storage. In
   * this process the user waits for the error.
   */
  private void setRestarts(Configuration flink) {
    if (embedded) {
      flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
      setDefault(flink, RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
      setDefault(
          flink, RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
      return;
    }
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    setDefault(
        flink,
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        Duration.ofSeconds(1));
    setDefault(
        flink,
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
        Duration.ofMinutes(1));
    setDefault(flink, RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, 10);
    setDefault(
        flink,
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
        Duration.ofMinutes(10));
  }

  private <T> void setDefault(Configuration flink, ConfigOption<T> option, T value) {
    if (!user.contains(option)) {
      flink.set(option, value);
    }
  }
}
