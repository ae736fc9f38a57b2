package io.nightshift.job.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class QuerySettingsTest {
  private static final String SESSION = "table.exec.async-ml-predict.";

  private static QuerySettings settings(Map<String, String> call, Map<String, String> session) {
    return new QuerySettings(Configuration.fromMap(call), Configuration.fromMap(session));
  }

  @Test
  void tooFewRowsAtATimeAreSaidWithWhatToWrite() {
    assertThat(settings(Map.of(), Map.of()).starvation(256))
        .contains(
            "each subtask of ML_PREDICT gives the engine 10 rows at a time, but it answers up to 256"
                + " together and is slow with fewer: SET"
                + " 'table.exec.async-ml-predict.max-concurrent-operations' = '512', or call"
                + " ML_PREDICT(..., MAP['max-concurrent-operations', '512'])");
    Map<String, String> enough = Map.of(SESSION + "max-concurrent-operations", "256");
    assertThat(settings(Map.of(), enough).starvation(256)).isEmpty();
    assertThat(settings(Map.of("max-concurrent-operations", "255"), enough).starvation(256))
        .isPresent();
  }

  @Test
  void rowsWaitLessThanFlinkDoes() {
    assertThat(settings(Map.of(), Map.of()).limits().timeout()).isEqualTo(Duration.ofMinutes(3));
    assertThat(settings(Map.of("timeout", "1 h"), Map.of()).limits().timeout())
        .isEqualTo(Duration.ofHours(1));
    assertThat(settings(Map.of(), Map.of(SESSION + "timeout", "0 s")).limits().timeout())
        .isEqualTo(Duration.ZERO);
  }

  @Test
  void onlyTheProcessOfATaskManagerMayEnd() {
    assertThat(settings(Map.of(), Map.of()).limits().processMayEnd()).isFalse();
    assertThat(settings(Map.of(), Map.of("execution.target", "local")).limits().processMayEnd())
        .isFalse();
    assertThat(settings(Map.of(), Map.of("execution.target", "remote")).limits().processMayEnd())
        .isTrue();
  }
}
