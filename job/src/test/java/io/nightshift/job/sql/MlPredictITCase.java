package io.nightshift.job.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.ModelFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements with {@code ML_PREDICT} over a model of random weights. */
class MlPredictITCase {
  private static final int ROWS = 60;

  @TempDir private static Path folder;
  private static SqlCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    cluster = new SqlCluster();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  /** A session with a table {@code tickets}, of which the first has no body. */
  private static StreamTableEnvironment session(boolean streaming) throws Exception {
    EnvironmentSettings settings =
        streaming ? EnvironmentSettings.inStreamingMode() : EnvironmentSettings.inBatchMode();
    StreamTableEnvironment session = cluster.session(settings, Map.of());
    session.executeSql(
        """
        CREATE TABLE numbers (id INT) WITH (
          'connector' = 'datagen', 'number-of-rows' = '%s',
          'fields.id.kind' = 'sequence', 'fields.id.start' = '0', 'fields.id.end' = '%s')"""
            .formatted(ROWS, ROWS - 1));
    session.executeSql(
        """
        CREATE VIEW tickets AS SELECT id,
          CASE WHEN id > 0 THEN 'note ' || CAST(id AS STRING) END AS body FROM numbers""");
    return session;
  }

  private static void createModel(
      StreamTableEnvironment session, String output, Map<String, String> options) {
    StringBuilder with = new StringBuilder();
    options.forEach((key, value) -> with.append(", '%s' = '%s'".formatted(key, value)));
    session.executeSql(
        """
        CREATE MODEL answers INPUT (body STRING) OUTPUT (%s) WITH (
          'provider' = 'nightshift', 'model.path' = '%s', 'model.device' = 'cpu',
          'prompt.text' = '{{ body }}', 'engine.kv-cache-memory' = '8mb' %s)"""
            .formatted(output, folder.resolve("model"), with));
  }

  private static List<Row> answer(StreamTableEnvironment session) throws Exception {
    return SqlCluster.rows(
        session, "SELECT * FROM ML_PREDICT(TABLE tickets, MODEL answers, DESCRIPTOR(body))");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void choicesHaveTheirProbability(boolean streaming) throws Exception {
    StreamTableEnvironment session = session(streaming);
    createModel(
        session,
        "queue STRING, queue_probability DOUBLE, choice_probabilities MAP<STRING, DOUBLE>,"
            + " prompt_tokens INT, error_code STRING",
        Map.of("answer.choices", "billing;outage;other"));
    List<Row> rows = answer(session);
    assertThat(rows).hasSize(ROWS);
    for (Row row : rows) {
      if (row.<Integer>getFieldAs("id") == 0) {
        assertThat(row.getFieldAs("error_code").toString()).isEqualTo("prompt_null");
        assertThat(row.getField("queue")).isNull();
        assertThat(row.getField("queue_probability")).isNull();
      } else {
        String queue = row.getFieldAs("queue");
        Map<String, Double> all = row.getFieldAs("choice_probabilities");
        assertThat(all).containsOnlyKeys("billing", "outage", "other");
        assertThat(row.<Double>getFieldAs("queue_probability")).isEqualTo(all.get(queue));
        assertThat(row.<Integer>getFieldAs("prompt_tokens")).isPositive();
        assertThat(row.getField("error_code")).isNull();
      }
    }
  }
}
