package io.nightshift.job.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class FlinkSettingsTest {
  private static final Configuration NONE = new Configuration();

  @Test
  void inThisProcessThePlanUsesAllCoresAndAllEnginesAnswer() {
    FlinkSettings settings = new FlinkSettings(NONE, true, 4);

    assertThat(settings.forPlan().get(CoreOptions.DEFAULT_PARALLELISM))
        .isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(settings.forInfer().get(CoreOptions.DEFAULT_PARALLELISM)).isEqualTo(4);
    assertThat(settings.forInfer().get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.forPlan().get(RestartStrategyOptions.RESTART_STRATEGY))
        .isEqualTo("fixed-delay");
    assertThat(NONE.toMap()).isEmpty();
  }

  @Test
  void whatTheUserHasSetWins() {
    Configuration user =
        Configuration.fromMap(
            Map.of(
                "parallelism.default", "3",
                "execution.checkpointing.interval", "10s",
                "taskmanager.memory.managed.size", "64m",
                "restart-strategy.type", "none",
                "s3.endpoint", "https://s3.example.com"));
    FlinkSettings settings = new FlinkSettings(user, true, 4);

    for (Configuration flink : List.of(settings.forPlan(), settings.forInfer())) {
      assertThat(flink.get(CoreOptions.DEFAULT_PARALLELISM)).isEqualTo(3);
      assertThat(flink.get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
          .isEqualTo(Duration.ofSeconds(10));
      assertThat(flink.get(TaskManagerOptions.MANAGED_MEMORY_SIZE))
          .isEqualTo(MemorySize.ofMebiBytes(64));
      assertThat(flink.get(RestartStrategyOptions.RESTART_STRATEGY)).isEqualTo("none");
      assertThat(flink.toMap()).containsEntry("s3.endpoint", "https://s3.example.com");
    }
  }

  @Test
  void onAClusterAJobLivesThroughTwoMinutesOfFailures() {
    Configuration flink = new FlinkSettings(NONE, false, 1).forInfer();

    assertThat(flink.get(RestartStrategyOptions.RESTART_STRATEGY)).isEqualTo("exponential-delay");
    double multiplier =
        flink.get(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER);
    double pause =
        flink
            .get(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF)
            .toSeconds();
    double seconds = 0;
    int attempts = flink.get(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS);
    for (int attempt = 0; attempt < attempts; attempt++) {
      seconds += pause;
      pause *= multiplier;
    }
    assertThat(seconds).isBetween(100.0, 150.0);
    assertThat(flink.get(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER)).isPositive();
  }

  @Test
  void aClusterAndItsParallelismAreTheUsers() {
    FlinkSettings unset = new FlinkSettings(NONE, false, 1);
    assertThat(unset.forPlan().contains(CoreOptions.DEFAULT_PARALLELISM)).isFalse();
    assertThat(unset.forInfer().contains(TaskManagerOptions.MANAGED_MEMORY_SIZE)).isFalse();
    assertThat(unset.forInfer().contains(HeartbeatManagerOptions.HEARTBEAT_INTERVAL)).isFalse();

    Configuration user = new Configuration();
    user.set(CoreOptions.DEFAULT_PARALLELISM, 4);
    assertThat(new FlinkSettings(user, false, 1).forInfer().get(CoreOptions.DEFAULT_PARALLELISM))
        .isEqualTo(4);
  }

  @Test
  void onAClusterCheckpointsHaveTheUsersIntervalUnlessOneIsUrgent() {
    Configuration user =
        Configuration.fromMap(Map.of("execution.checkpointing.interval", "10 min"));
    Configuration flink = new FlinkSettings(user, false, 1).forInfer();

    assertThat(flink.get(CheckpointingOptions.CHECKPOINTING_INTERVAL_DURING_BACKLOG))
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(flink.get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
        .isEqualTo(Duration.ofSeconds(1));
  }

  /** All jobs of a run have one environment, and Flink checks this one also without checkpoints. */
  @Test
  void theIntervalOfAnEarlierJobIsReplaced() {
    for (boolean embedded : new boolean[] {true, false}) {
      FlinkSettings settings = new FlinkSettings(NONE, embedded, 1);
      StreamExecutionEnvironment environment = settings.environment();

      settings.configureForPlan(settings.configureForInfer(environment));
      assertThat(environment.getCheckpointConfig().getCheckpointIntervalDuringBacklog())
          .isEqualTo(Long.MAX_VALUE);
      settings.configureForInfer(environment);
      assertThat(environment.getCheckpointConfig().getCheckpointIntervalDuringBacklog())
          .isEqualTo(Duration.ofMinutes(1).toMillis());
    }
  }
}
