package io.nightshift.job.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.options.JobSpecification.Evaluation;
import io.nightshift.job.options.JobSpecification.Prices;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluateOptionsTest {
  private static final String JOB =
      """
      input: {path: /data/letters.parquet}
      model: {path: /models/llama, device: cpu}
      prompt: {text: "Answer: {{ letter }}"}
      """;

  private static final String OUTPUT = "output: {path: /data/answers}\n";

  private static final String SCHEMA =
      """
      answer:
        json-schema:
          type: object
          properties:
            kind: {enum: [bill, outage]}
            note: {type: string}
            place:
              type: object
              properties:
                floor: {enum: [1, 2, 10.0]}
                lift: {$ref: "#/$defs/flag"}
            mixed: {enum: [1, "1"]}
          $defs: {flag: {type: boolean}}
      """;

  private static JobSpecification job(String lines) {
    return JobSpecification.parse("job.yaml", JOB + OUTPUT + lines, List.of());
  }

  private static Evaluation evaluation(String lines) {
    return job(lines).evaluation().orElseThrow();
  }

  @Test
  void comparesChoices() {
    assertThat(evaluation("answer: {choices: [yes, no]}\nevaluate: {column: truth}"))
        .isEqualTo(new Evaluation("truth", Optional.empty(), List.of("yes", "no")));
    assertThat(job("answer: {choices: [yes, no]}").evaluation()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "kind, /kind, bill;outage",
    "/kind, /kind, bill;outage",
    "/place/floor, /place/floor, 1;2;10",
    "/place/lift, /place/lift, true;false"
  })
  void comparesAFieldOfASchema(String field, String pointer, String labels) {
    assertThat(evaluation(SCHEMA + "evaluate: {column: truth, field: " + field + "}"))
        .isEqualTo(new Evaluation("truth", Optional.of(pointer), List.of(labels.split(";"))));
  }

  @Test
  void theOnlyFieldNeedsNoName() {
    String schema = "answer: {json-schema: {properties: {a/b: {enum: [x, y, null]}}}}\n";
    assertThat(evaluation(schema + "evaluate: {column: truth}"))
        .isEqualTo(new Evaluation("truth", Optional.of("/a~1b"), List.of("x", "y")));
  }

  @Test
  void theTruthIsKeptIfItIsNotNamed() {
    String lines = "answer: {choices: [yes, no]}\nevaluate: {column: truth}\n";
    String columns = "output: {path: /data/answers, columns: [id%s]}\n";
    assertThat(job(lines).addedColumn()).isEmpty();
    assertThat(
            JobSpecification.parse("job.yaml", JOB + lines + columns.formatted(""), List.of())
                .addedColumn())
        .contains("truth");
    assertThat(
            JobSpecification.parse(
                    "job.yaml", JOB + lines + columns.formatted(", truth"), List.of())
                .addedColumn())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "answer: {max-tokens: 5} | column: truth | needs answers that are one of some labels",
        "answer: {regex: a+} | column: truth | needs answers that are one of some labels",
        "answer: {json-schema: {type: string}} | column: truth | needs an enum or a boolean",
        "answer: {choices: [a, b]} | column: truth, field: kind | has no effect with answer.choices",
        "answer: {choices: [a, b]} | field: kind | has no effect without evaluate.column"
      })
  void refusesWhatCannotBeCompared(String answer, String evaluate, String message) {
    assertThatThrownBy(() -> job(answer + "\nevaluate: {" + evaluate + "}"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesFieldsThatDoNotFit() {
    assertThatThrownBy(() -> job(SCHEMA + "evaluate: {column: truth}"))
        .hasMessageContaining(
            "may be the truth of /kind, /place/floor, /place/lift, /mixed; say which in evaluate.field");
    assertThatThrownBy(() -> job(SCHEMA + "evaluate: {column: truth, field: kin}"))
        .hasMessageContaining("names /kin, which is no enum or boolean")
        .hasMessageContaining("did you mean /kind?");
    assertThatThrownBy(() -> job(SCHEMA + "evaluate: {column: truth, field: mixed}"))
        .hasMessageContaining("cannot be compared with /mixed, whose values are of several types");
  }

  @Test
  void readsPrices() {
    String answer = "answer: {max-tokens: 5}\n";
    assertThat(job(answer + "cost: {gpu-hour: 2.5, kwh: 0.3, currency: EUR}").prices())
        .isEqualTo(new Prices(OptionalDouble.of(2.5), OptionalDouble.of(0.3), Optional.of("EUR")));
    assertThat(job(answer).prices().isGiven()).isFalse();
    assertThatThrownBy(() -> job(answer + "cost: {gpu-hour: -1}"))
        .hasMessageContaining("cost.gpu-hour is -1.0, but must be from 0.0 to");
    assertThatThrownBy(() -> job(answer + "cost: {currency: EUR}"))
        .hasMessageContaining("cost.currency has no effect without cost.gpu-hour and cost.kwh");
  }
}
