package io.nightshift.job.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.model.ModelFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ModelDescriptor;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.ColumnList;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

  private static StreamTableEnvironment session(boolean streaming) throws Exception {
    return session(streaming, Map.of());
  }

  /** A session with a table {@code tickets}, of which the first has no body. */
  private static StreamTableEnvironment session(boolean streaming, Map<String, String> options)
      throws Exception {
    EnvironmentSettings settings =
        streaming ? EnvironmentSettings.inStreamingMode() : EnvironmentSettings.inBatchMode();
    StreamTableEnvironment session = cluster.session(settings, options);
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
    Map<String, String> all = new TreeMap<>(options);
    all.putIfAbsent("prompt.text", "{{ body }}");
    StringBuilder with = new StringBuilder();
    all.forEach((key, value) -> with.append(", '%s' = '%s'".formatted(key, value)));
    session.executeSql(
        """
        CREATE MODEL answers INPUT (body STRING) OUTPUT (%s) WITH (
          'provider' = 'nightshift', 'model.path' = '%s', 'model.device' = 'cpu',
          'engine.kv-cache-memory' = '8mb' %s)"""
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
            + " prompt_tokens INT, cached_tokens INT, error_code STRING",
        Map.of(
            "answer.choices", "billing;outage;other",
            "prompt.text", "a beginning that all of the prompts have in common: {{ body }}"));
    List<Row> rows = answer(session);
    assertThat(rows).hasSize(ROWS);
    // All subtasks have one engine, and with it one prefix cache.
    assertThat(rows)
        .filteredOn(row -> row.<Integer>getFieldAs("cached_tokens") > 0)
        .hasSizeGreaterThan(ROWS / 2);
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

  @Test
  void columnsAreTheFieldsOfAnswersInJson() throws Exception {
    StreamTableEnvironment session = session(false);
    createModel(
        session,
        """
        queue STRING COMMENT 'the queue, one of: billing, outage, other', queue_probability DOUBLE,
        urgent BOOLEAN, urgent_probability DOUBLE, amount DECIMAL(10, 2),
        tags ARRAY<STRING>, place ROW<storey INT>, size STRING, completion STRING, error_code STRING""",
        Map.of(
            "answer.max-tokens", "400",
            "answer.one-of.size", "small;large",
            "answer.not-null", "size"));
    List<Row> rows = answer(session);
    assertThat(rows).hasSize(ROWS);
    for (Row row : rows) {
      if (row.<Integer>getFieldAs("id") == 0) {
        assertThat(row.getFieldAs("error_code").toString()).isEqualTo("prompt_null");
        assertThat(row.getField("queue")).isNull();
        assertThat(row.getField("amount")).isNull();
      } else {
        assertThat(row.getField("error_code")).isNull();
        assertThat(row.<String>getFieldAs("queue")).isIn("billing", "outage", "other");
        assertThat(row.<Double>getFieldAs("queue_probability")).isBetween(0.0, 1.0);
        assertThat(row.<Double>getFieldAs("urgent_probability")).isBetween(0.0, 1.0);
        assertThat(row.<String>getFieldAs("size")).isIn("small", "large");
        assertThat(row.<String>getFieldAs("completion")).startsWith("{\"queue\":\"");
      }
    }
  }

  @Test
  void textHasWhatParquetHas() throws Exception {
    StreamTableEnvironment session = session(false);
    createModel(
        session,
        """
        summary STRING, finish_reason STRING, output_tokens INT, cached_tokens INT,
        logprobs ARRAY<ROW<token STRING, token_id INT, logprob FLOAT,
          top ARRAY<ROW<token STRING, token_id INT, logprob FLOAT>>>>,
        error_message STRING""",
        Map.of("answer.max-tokens", "3", "answer.logprobs", "2"));
    for (Row row : answer(session)) {
      if (row.<Integer>getFieldAs("id") == 0) {
        assertThat(row.<String>getFieldAs("error_message")).contains("body");
        assertThat(row.<String>getFieldAs("finish_reason")).isEqualTo("error");
      } else {
        int tokens = row.getFieldAs("output_tokens");
        Row[] logprobs = row.getFieldAs("logprobs");
        assertThat(logprobs).hasSize(tokens);
        assertThat((Row[]) logprobs[0].getFieldAs("top")).hasSize(2);
        assertThat(logprobs[0].<Float>getFieldAs("logprob")).isNegative();
        assertThat(row.<String>getFieldAs("summary")).isNotNull();
      }
    }
  }

  @Test
  void anEmbeddingIsAnArray() throws Exception {
    StreamTableEnvironment session = session(false);
    createModel(session, "vector ARRAY<FLOAT>", Map.of("answer.embedding.pooling", "mean"));
    for (Row row : answer(session)) {
      if (row.<Integer>getFieldAs("id") == 0) {
        assertThat(row.getField("vector")).isNull();
      } else {
        Float[] vector = row.getFieldAs("vector");
        double squares = Arrays.stream(vector).mapToDouble(each -> each * each).sum();
        assertThat(squares).isCloseTo(1, within(1e-3));
      }
    }
  }

  /** Variables of all types that templates have; one of them is narrower than its column. */
  @Test
  void inputColumnsHaveTheTypesOfSql() throws Exception {
    StreamTableEnvironment session = session(false);
    session.executeSql(
        """
        CREATE VIEW typed AS SELECT id, CAST(2.50 AS DECIMAL(4, 2)) AS price,
          DATE '2026-11-29' AS d, TIME '10:11:12' AS t, TIMESTAMP '2026-11-29 10:11:12' AS ts,
          ARRAY[1, 2] AS a, MAP['k', 'v'] AS m, ROW(1, 'x') AS r, TRUE AS yes FROM numbers""");
    session.executeSql(
        """
        CREATE MODEL typed_model
        INPUT (id BIGINT, price DECIMAL(10, 2), d DATE, t TIME, ts TIMESTAMP(3), a ARRAY<INT>,
               m MAP<STRING, STRING>, r ROW<n INT, s STRING>, yes BOOLEAN)
        OUTPUT (prompt_tokens INT, completion STRING, error_message STRING) WITH (
          'provider' = 'nightshift', 'model.path' = '%s', 'model.device' = 'cpu',
          'answer.max-tokens' = '1', 'engine.kv-cache-memory' = '8mb',
          'prompt.text' = '{{ id + 1 }}{{ price }}{{ d.year }}{{ t.hour }}{{ ts.minute }}{{ a[1] }}{{ m.k }}{{ r.s }}{{ yes }}')"""
            .formatted(folder.resolve("model")));
    for (Row row :
        SqlCluster.rows(
            session,
            "SELECT * FROM ML_PREDICT(TABLE typed, MODEL typed_model,"
                + " DESCRIPTOR(id, price, d, t, ts, a, m, r, yes))")) {
      assertThat(row.getField("error_message")).isNull();
      assertThat(row.<Integer>getFieldAs("prompt_tokens")).isPositive();
    }
  }

  @Test
  void theTableApiIsTheSame() throws Exception {
    StreamTableEnvironment session = session(false);
    session.createModel(
        "answers",
        ModelDescriptor.forProvider("nightshift")
            .inputSchema(Schema.newBuilder().column("body", DataTypes.STRING()).build())
            .outputSchema(Schema.newBuilder().column("label", DataTypes.STRING()).build())
            .option("model.path", folder.resolve("model").toString())
            .option("model.device", "cpu")
            .option("engine.kv-cache-memory", "8mb")
            .option("prompt.text", "{{ body }}")
            .option("answer.choices", "yes;no")
            .build());
    Table answers =
        session
            .fromModel("answers")
            .predict(
                session.from("tickets"),
                ColumnList.of("body"),
                Map.of("max-concurrent-operations", "512", "output-mode", "ALLOW_UNORDERED"));
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> results = answers.execute().collect()) {
      results.forEachRemaining(rows::add);
    }
    assertThat(rows).hasSize(ROWS);
    assertThat(rows).filteredOn(row -> row.getField("label") == null).hasSize(1);
  }

  /** Rows that wait for their answers are part of checkpoints, and are sent again. */
  @Test
  void rowsInFlightAreSentAgainAfterAFailure() throws Exception {
    StreamTableEnvironment session =
        session(
            true,
            Map.of(
                "execution.checkpointing.interval", "100 ms",
                "restart-strategy.type", "fixed-delay",
                "restart-strategy.fixed-delay.attempts", "1",
                "restart-strategy.fixed-delay.delay", "0 s"));
    FailingOnce.reset();
    session.createTemporaryFunction("failing_once", FailingOnce.class);
    createModel(session, "label STRING, error_code STRING", Map.of("answer.choices", "yes;no"));
    session.executeSql(
        """
        CREATE TABLE paced (id INT) WITH (
          'connector' = 'datagen', 'rows-per-second' = '60',
          'fields.id.kind' = 'sequence', 'fields.id.start' = '0', 'fields.id.end' = '%s')"""
            .formatted(2 * ROWS - 1));
    session.executeSql(
        "CREATE VIEW paced_tickets AS SELECT id, 'note ' || CAST(id AS STRING) AS body FROM paced");
    List<Row> rows =
        SqlCluster.rows(
            session,
            "SELECT failing_once(id) AS id, label FROM"
                + " ML_PREDICT(TABLE paced_tickets, MODEL answers, DESCRIPTOR(body))");
    assertThat(FailingOnce.hasFailed()).isTrue();
    assertThat(rows).map(row -> row.<Integer>getFieldAs("id")).doesNotHaveDuplicates();
    assertThat(rows).hasSize(2 * ROWS);
    assertThat(rows).noneMatch(row -> row.getField("label") == null);
  }

  @Test
  void theModelIsInThePlan() throws Exception {
    StreamTableEnvironment session = session(false);
    createModel(session, "label STRING", Map.of("answer.choices", "yes;no"));
    assertThat(
            session.explainSql(
                "SELECT * FROM ML_PREDICT(TABLE tickets, MODEL answers, DESCRIPTOR(body))"))
        .contains("Model(MODEL default_catalog.default_database.answers), DESCRIPTOR(");
  }
}
