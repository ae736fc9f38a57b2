package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.job.cluster.TestProcess.Ended;
import io.nightshift.runtime.model.RealModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real model in SQL: Flink's SQL client and gateway before a session cluster, all from the jars
 * of Flink's distribution, and {@code nightshift.jar} added to the session.
 */
@SuppressWarnings("NullAway.Init") // set before all tests
class SqlIT {
  private static final Path CLUSTER = Path.of("target/cluster").toAbsolutePath();
  private static final String ADD_JAR = "ADD JAR '" + FlinkProcessCluster.JAR + "'";

  @TempDir private static Path folder;
  private static FlinkProcessCluster cluster;
  private static SqlGatewayProcess gateway;
  private static JobLeftovers leftovers;

  @BeforeAll
  static void start() throws Exception {
    Map<String, String> settings =
        Map.of(
            "parallelism.default", "1",
            "execution.checkpointing.interval", "500 ms",
            "execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString(),
            "taskmanager.numberOfTaskSlots", "2");
    leftovers = new JobLeftovers(folder.resolve("libraries"));
    cluster =
        FlinkProcessCluster.session(folder.resolve("cluster"), settings)
            .withEnvironment("JAVA_TOOL_OPTIONS", leftovers.option())
            .withJars(CLUSTER.resolve("sql/*"), CLUSTER.resolve("jdbc/*"));
    gateway = SqlGatewayProcess.launch(cluster);
    cluster.startJobManager().startTaskManagers(1);
    gateway.await();
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    cluster.close();
  }

  private static String model(String columns, String... options) {
    return """
    CREATE TEMPORARY MODEL sections INPUT (text STRING) OUTPUT (%s)
    WITH ('provider' = 'nightshift', 'model.path' = '%s', 'model.device' = 'cpu', 'engine.threads' = '1',
        'engine.kv-cache-memory' = '100m', 'prompt.text' = '{{ text }}: '%s)
    """
        .formatted(
            columns,
            RealModel.smolLm2(),
            String.join("", List.of(options).stream().map(option -> ", " + option).toList()));
  }

  /** The example as it stands, but for the path of the model. */
  @Test
  void theClientRunsTheExample() throws Exception {
    Path initialization = Files.writeString(folder.resolve("init.sql"), ADD_JAR + ";\n");
    Path script = folder.resolve("packages.sql");
    Files.writeString(
        script,
        Files.readString(Path.of("../examples/sql/packages.sql"))
            .replace("hf:HuggingFaceTB/SmolLM2-135M-Instruct", RealModel.smolLm2().toString()));

    Ended ended = gateway.runScript(initialization, script);

    assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
    assertThat(ended.out()).doesNotContain("[ERROR]");
    assertThat(ended.out().split("12 rows in set", -1)).as(ended.out()).hasSize(3);
    assertThat(ended.out())
        .containsPattern("\\| +clamsmtp \\| +mail \\| +mail \\| +0\\.\\d+ \\| +<NULL> \\|")
        .containsPattern("\\| +fonts-aenigma \\| +(application|data|library|service) \\| ");
    leftovers.awaitNone(cluster);
  }

  /** Answers appear while the table has no end. */
  @Test
  void rowsThatNeverEndAreAnsweredThroughTheGateway() throws Exception {
    try (SqlGatewayProcess.Session session = gateway.session()) {
      session.execute(
          ADD_JAR,
          """
          CREATE TEMPORARY TABLE texts (id BIGINT, text STRING) WITH ('connector' = 'datagen',
              'rows-per-second' = '5', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1',
              'fields.id.end' = '1000000', 'fields.text.length' = '8')
          """,
          model(
              "label STRING, choice_probabilities MAP<STRING, DOUBLE>",
              "'answer.choices' = 'odd;even'"));

      List<JsonNode> rows =
          session.rows(
              "SELECT id, label, choice_probabilities['odd'] FROM"
                  + " ML_PREDICT(TABLE texts, MODEL sections, DESCRIPTOR(text))",
              12);

      assertThat(rows).hasSizeGreaterThanOrEqualTo(12);
      for (int i = 0; i < rows.size(); i++) {
        JsonNode row = rows.get(i);
        assertThat(row.get(0).asLong()).isEqualTo(i + 1);
        assertThat(row.get(1).asText()).isEqualTo(row.get(2).asDouble() > 0.5 ? "odd" : "even");
      }
    }
  }

  /** Rows of a database become typed columns; one without a text has an error. */
  @Test
  void rowsOfADatabaseAreAnswered() throws Exception {
    String url = "jdbc:derby:" + folder.resolve("database");
    Path tables =
        Files.writeString(
            folder.resolve("tables.sql"),
            """
            connect '%s;create=true';
            create table tickets (id int, text varchar(80));
            insert into tickets values (1, 'Refund 25.50 by 1 March 2026'), (2, null), (3, 'Hello');
            """
                .formatted(url));
    Ended filled = cluster.launch("org.apache.derby.tools.ij", List.of(tables.toString())).ended();
    assertThat(filled.out()).contains("3 rows inserted");
    try (SqlGatewayProcess.Session session = gateway.session()) {
      session.execute(
          ADD_JAR,
          "SET 'execution.runtime-mode' = 'batch'",
          "CREATE TEMPORARY TABLE tickets (id INT, text STRING)"
              + " WITH ('connector' = 'jdbc', 'url' = '%s', 'table-name' = 'tickets')"
                  .formatted(url),
          model("amount DECIMAL(6, 2), due DATE, error_code STRING", "'answer.not-null' = 'due'"));

      List<JsonNode> rows =
          session.rows(
              "SELECT id, amount, due, error_code FROM"
                  + " ML_PREDICT(TABLE tickets, MODEL sections, DESCRIPTOR(text))",
              3);

      assertThat(rows).hasSize(3);
      assertThat(rows.get(0).get(2).asText()).matches("\\d{4}-\\d\\d-\\d\\d");
      assertThat(rows.get(0).get(3).isNull()).isTrue();
      assertThat(rows.get(1)).hasToString("[2,null,null,\"prompt_null\"]");
      assertThat(rows.get(2).get(0).asInt()).isEqualTo(3);
    }
  }

  @Test
  void aMistypedOptionIsNamedByTheGateway() throws Exception {
    try (SqlGatewayProcess.Session session = gateway.session()) {
      session.execute(
          ADD_JAR,
          "CREATE TEMPORARY VIEW texts AS SELECT 'a' AS text",
          model("answer STRING", "'answer.max-token' = '7'"));

      assertThatThrownBy(
              () ->
                  session.rows(
                      "SELECT * FROM ML_PREDICT(TABLE texts, MODEL sections, DESCRIPTOR(text))", 1))
          .hasMessageContaining("answer.max-token")
          .hasMessageContaining("answer.max-tokens");
    }
  }
}
