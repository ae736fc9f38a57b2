package io.nightshift.job.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nightshift.runtime.model.ModelFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models and queries that are wrong are refused when a query is planned, by name. */
class BadModelsTest {
  private static final String CHOICES = "billing;outage";

  @TempDir private static Path folder;
  private static TableEnvironment session;

  @BeforeAll
  static void start() {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    session = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    session.executeSql("CREATE VIEW tickets AS SELECT 'a' AS subject, 'b' AS body");
  }

  /** The one line that says what is wrong with a model. */
  private static String refusal(String output, String... options) {
    Map<String, String> with = new LinkedHashMap<>();
    with.put("model.path", folder.resolve("model").toString());
    with.put("model.device", "cpu");
    with.put("prompt.text", "{{ subject }}");
    for (int i = 0; i < options.length; i += 2) {
      if (options[i + 1].isEmpty()) {
        with.remove(options[i]);
      } else {
        with.put(options[i], options[i + 1]);
      }
    }
    StringBuilder text = new StringBuilder("'provider' = 'nightshift'");
    with.forEach((key, value) -> text.append(", '%s' = '%s'".formatted(key, value)));
    session.executeSql("DROP TEMPORARY MODEL IF EXISTS queues");
    session.executeSql(
        "CREATE TEMPORARY MODEL queues INPUT (subject STRING, body STRING) OUTPUT (%s) WITH (%s)"
            .formatted(output, text));
    Throwable failure =
        catchThrowable(
            () ->
                session.executeSql(
                    "SELECT * FROM ML_PREDICT(TABLE tickets, MODEL queues, DESCRIPTOR(subject, body))"));
    Throwable root = ExceptionUtils.getRootCause(failure);
    assertThat(root).isInstanceOf(ValidationException.class);
    assertThat(lastCause(failure)).as("what SQL clients print").contains(root.getMessage());
    return String.valueOf(root.getMessage());
  }

  /** Clients have the failure as text, with the suppressed exceptions. */
  private static String lastCause(Throwable failure) {
    String text = ExceptionUtils.getStackTrace(failure);
    return text.substring(Math.max(0, text.lastIndexOf("Caused by: ")));
  }

  @Test
  void optionsAreThoseOfTheJobFile() {
    assertThat(refusal("a STRING", "answer.choises", CHOICES))
        .isEqualTo("model queues: unknown option answer.choises; did you mean answer.choices?");
    assertThat(refusal("a STRING", "model.device", ""))
        .startsWith("model queues: model.device is missing");
    assertThat(refusal("a STRING", "answer.choices", "billing"))
        .isEqualTo("model queues: answer.choices needs two choices or more, but has 1");
    assertThat(refusal("a STRING", "answer.max-tokens", "many"))
        .isEqualTo("model queues: answer.max-tokens must be an integer, but is \"many\"");
    assertThat(refusal("a INT, b STRING", "answer.one-of.a", "\"1;2\";3"))
        .contains("'1;2' is none of its type INT");
    assertThat(refusal("a INT, b STRING", "answer.one-of.a", "\"1"))
        .contains("answer.one-of.a must be a list such as a;b;c");
    assertThat(refusal("a STRING", "model.path", "/no/such/model"))
        .startsWith("model queues: ")
        .contains("/no/such/model");
    assertThat(refusal("a STRING", "model.device", "cuda", "model.dtype", "bf16"))
        .startsWith("model queues: ");
  }

  @Test
  void optionsOfReportsHaveNoPlaceInSql() {
    assertThat(refusal("a STRING", "evaluate.column", "truth"))
        .isEqualTo(
            "model queues: evaluate.column has no place in SQL: compare the answers with a column"
                + " in the statement itself; remove it");
    assertThat(refusal("a STRING", "cost.gpu-hour", "2"))
        .isEqualTo(
            "model queues: cost.gpu-hour has no place in SQL: a query has no report; remove it");
  }

  @Test
  void optionsOfRowsHaveNoPlaceInSql() {
    assertThat(refusal("a STRING", "input.path", "/tickets"))
        .isEqualTo(
            "model queues: input.path has no place in SQL: the rows are those of the table that"
                + " ML_PREDICT is given; remove it");
    assertThat(refusal("a STRING", "output.path", "/labels")).contains("INSERT INTO");
    assertThat(refusal("a STRING", "errors.max-rows", "1")).contains("error_code");
    assertThat(refusal("a STRING", "plan.unit-tokens", "1")).contains("the command run");
    assertThat(refusal("a STRING", "engine.slot-cpu-cores", "1")).contains("slots");
    assertThat(refusal("a ARRAY<FLOAT>", "answer.embedding.type", "float16")).contains("32-bit");
  }

  @Test
  void variablesAreInputColumns() {
    assertThat(refusal("a STRING", "prompt.text", "{{ subjekt }}"))
        .isEqualTo(
            "model queues: the prompt reads {{ subjekt }}, which is no input column: INPUT has subject,"
                + " body; did you mean subject?");
    assertThat(refusal("a STRING", "prompt.text", "", "prompt.messages", "body"))
        .startsWith("model queues: ");
    assertThat(refusal("a STRING", "prompt.text", "{{ subject"))
        .startsWith("model queues: template prompt.text, line 1: ");
  }

  @Test
  void specialColumnsHaveTheirTypes() {
    assertThat(refusal("a STRING, error_code INT"))
        .isEqualTo(
            "model queues: the output column error_code is INT, but must be STRING: write"
                + " error_code STRING");
    assertThat(refusal("a STRING, prompt_tokens BIGINT")).contains("write prompt_tokens INT");
    assertThat(refusal("a STRING NOT NULL"))
        .contains("the output column a is NOT NULL")
        .contains("leave NOT NULL out");
    assertThat(refusal("a STRING, reasoning STRING"))
        .contains("the output column reasoning is empty without the option answer.reasoning");
    assertThat(refusal("a STRING, field_probabilities MAP<STRING, DOUBLE>"))
        .contains("answers have no fields");
    assertThat(refusal("a STRING, b INT", "answer.field-probabilities", "true"))
        .contains("answer.field-probabilities has no effect");
    assertThat(refusal("a STRING", "answer.logprobs", "1"))
        .contains("answer.logprobs has no effect without an output column logprobs ARRAY<ROW<");
  }

  @Test
  void columnsFitTheAnswers() {
    assertThat(refusal("error_code STRING"))
        .isEqualTo("model queues: OUTPUT has no column for the answer: add completion STRING");
    assertThat(refusal("a INT", "answer.choices", CHOICES)).contains("write a STRING");
    assertThat(refusal("a STRING, b STRING", "answer.choices", CHOICES))
        .contains("the output columns a, b are several, but answer.choices makes one answer")
        .endsWith("what an answer is");
    assertThat(refusal("a STRING, a_probabilty DOUBLE", "answer.choices", CHOICES))
        .contains("the output columns a, a_probabilty are several")
        .endsWith("; did you mean a_probability?");
    assertThat(refusal("a STRING, eror_code STRING", "answer.choices", CHOICES))
        .endsWith("; did you mean error_code?");
    assertThat(refusal("a STRING", "answer.embedding.pooling", "mean"))
        .contains("write a ARRAY<FLOAT>");
    assertThat(refusal("a STRING, a_probability DOUBLE"))
        .contains("a_probability is the probability of a, which only choices have");
    assertThat(refusal("a STRING, b INT, b_probability DOUBLE")).contains("only choices have");
    assertThat(refusal("a STRING, b VARBINARY"))
        .contains("the output column b")
        .contains("which JSON has no form for");
    assertThat(refusal("a STRING, b INT", "answer.not-null", "c"))
        .contains("name c, which is no output column");
  }
}
