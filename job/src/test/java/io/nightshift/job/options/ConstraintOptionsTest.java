package io.nightshift.job.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.options.JobSpecification.ConstrainedAnswer;
import io.nightshift.runtime.constraint.ConstraintSpecification.JsonSchema;
import io.nightshift.runtime.constraint.ConstraintSpecification.Regex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConstraintOptionsTest {
  private static final String JOB =
      """
      input: {path: /data/letters.parquet}
      model: {path: /models/llama, device: cpu}
      prompt: {text: "Answer: {{ letter }}"}
      output: {path: /data/answers}
      """;

  private static ConstrainedAnswer answer(String lines, String... overrides) {
    JobSpecification job =
        JobSpecification.parse("job.yaml", JOB + lines, Arrays.asList(overrides));
    assertThat(job.sampling().maxTokens())
        .isEqualTo(((ConstrainedAnswer) job.answer()).maxTokens());
    return (ConstrainedAnswer) job.answer();
  }

  @Test
  void readsARegularExpression() {
    assertThat(answer("answer: {regex: '[a-z]+: \\d{1,3}', max-tokens: 9}"))
        .isEqualTo(new ConstrainedAnswer(new Regex("[a-z]+: \\d{1,3}"), 9));
  }

  @Test
  void readsASchemaAsAMap() {
    String map =
        """
        answer:
          json-schema:
            type: object
            properties:
              size: {enum: [S, "10", 10, 1.50, null, true]}
            required: [size]
          field-probabilities: false
          whitespace: spaces
        """;
    String json =
        "{\"type\":\"object\",\"properties\":{\"size\":{\"enum\":[\"S\",\"10\",10,1.5,null,true]}},\"required\":[\"size\"]}";
    assertThat(answer(map)).isEqualTo(new ConstrainedAnswer(new JsonSchema(json, true), 256));
  }

  @Test
  void readsASchemaAsText() {
    ConstrainedAnswer typed =
        new ConstrainedAnswer(
            new JsonSchema("{\"type\":\"number\",\"multipleOf\":0.10}", false, true), 256);
    assertThat(answer("answer: {json-schema: '{ \"type\": \"number\", \"multipleOf\": 0.10 }'}"))
        .isEqualTo(typed);
    assertThat(answer("", "answer.json-schema={\"type\":\"number\",\n \"multipleOf\": 0.10}"))
        .isEqualTo(typed);
    assertThat(answer("answer: {json-schema: true}").constraint())
        .isEqualTo(new JsonSchema("true", false, true));
  }

  @Test
  void readsASchemaFromAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("schema.json"), "{\n  \"type\": \"string\"\n}\n");
    for (String path : List.of(file.toString(), file.toUri().toString())) {
      assertThat(answer("answer: {json-schema: " + path + "}").constraint())
          .isEqualTo(new JsonSchema("{\"type\":\"string\"}", false, true));
    }
  }

  @Test
  void namesAFileThatIsNoSchema(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("schema.json"), "{\n  type: string\n}\n");
    assertRefused(
        "answer: {json-schema: " + file + "}",
        "job.yaml:5: answer.json-schema " + file + " is not JSON: ",
        "at line 2, column 3");
    assertRefused(
        "answer: {json-schema: " + folder.resolve("none.json") + "}",
        "job.yaml:5: answer.json-schema " + folder.resolve("none.json"),
        "there is no such schema file (a schema that is not in a file is a map, or begins with {)");
    assertRefused(
        "answer: {json-schema: https://example.org/schema.json}",
        "job.yaml:5: answer.json-schema is a web address, which is not a file system: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          regex: a, json-schema: {}               | answer.json-schema cannot go with answer.regex
          regex: a, whitespace: spaces            | answer.whitespace has no effect without answer.json-schema
          field-probabilities: true               | answer.field-probabilities has no effect without
          choices: [a, b], json-schema: {}        | answer.json-schema cannot go with answer.choices
          choices: [a, b], whitespace: compact    | answer.whitespace has no effect without answer.json-schema
          json-schema: {}, normalize-by-length: 1 | answer.normalize-by-length
          json-schema: '{\"a\": }'                | answer.json-schema is not JSON: Unexpected character
          json-schema: '{\"a\": 1, \"a\": 2}'     | answer.json-schema is not JSON: Duplicate field 'a'
          json-schema: {a: 1, a: 2}               | a is given twice
          json-schema: [a]                        | answer.json-schema must be a map or a string, but is a list
          json-schema: {}, max-tokens: 0          | answer.max-tokens is 0, but must be at least 1
          json-schema: {}, whitespace: some       | answer.whitespace must be compact or spaces, but is
          """)
  void refuses(String answer, String complaint) {
    assertRefused("answer: {" + answer + "}", complaint);
  }

  @Test
  void refusesStopStringsWhichWouldCutAnswersShort() {
    assertRefused(
        "answer: {regex: a+}\nsampling: {stop: [b]}",
        "job.yaml:6: sampling.stop would cut answers short of what answer.regex or"
            + " answer.json-schema demands; remove one of them");
  }

  private static void assertRefused(String lines, String... complaints) {
    assertThatThrownBy(() -> JobSpecification.parse("job.yaml", JOB + lines, List.of()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContainingAll(complaints);
  }
}
