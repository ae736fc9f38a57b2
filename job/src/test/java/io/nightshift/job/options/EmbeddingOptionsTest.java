package io.nightshift.job.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.options.JobSpecification.EmbeddingAnswer;
import io.nightshift.runtime.engine.EmbeddingParameters;
import io.nightshift.runtime.engine.EmbeddingParameters.Pooling;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingOptionsTest {
  private static final String JOB =
      """
      input: {path: /data/letters.parquet}
      model: {path: /models/qwen, device: cpu}
      prompt: {text: "{{ letter }}"}
      output: {path: /data/vectors}
      """;

  private static JobSpecification job(String lines, String... overrides) {
    return JobSpecification.parse("job.yaml", JOB + lines, Arrays.asList(overrides));
  }

  @Test
  void readsAnEmbedding() {
    assertThat(job("answer: {embedding: {pooling: last}}").answer())
        .isEqualTo(
            new EmbeddingAnswer(
                new EmbeddingParameters(Pooling.LAST, 0, true), EmbeddingType.FLOAT32));
    String all =
        """
        answer:
          embedding:
            pooling: mean
            normalize: false
            dimensions: 256
            type: float16
        """;
    assertThat(job(all).answer())
        .isEqualTo(
            new EmbeddingAnswer(
                new EmbeddingParameters(Pooling.MEAN, 256, false), EmbeddingType.FLOAT16));
    assertThat(job("", "answer.embedding.pooling=mean").answer())
        .isInstanceOf(EmbeddingAnswer.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "choices: [a, b]",
        "normalize-by-length: true",
        "max-tokens: 9",
        "reasoning: drop",
        "reasoning-marks: [a, b]",
        "reasoning-max-tokens: 3",
        "logprobs: 2",
        "regex: a",
        "json-schema: {type: string}",
        "whitespace: spaces",
        "field-probabilities: false"
      })
  void refusesOptionsOfOtherAnswers(String option) {
    String key = option.substring(0, option.indexOf(':'));
    assertThatThrownBy(() -> job("answer: {embedding: {pooling: last}, " + option + "}"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("job.yaml:5")
        .hasMessageContaining("answer." + key)
        .hasMessageContaining("cannot go with answer.embedding.pooling");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "answer: {embedding: {pooling: max}}|answer.embedding.pooling|last or mean",
        "answer: {embedding: {pooling: last, dimensions: 0}}|dimensions|at least 1",
        "answer: {embedding: {pooling: last, type: int8}}|type|float32 or float16",
        "answer: {embedding: {normalize: true}}|answer.embedding.normalize|without answer.embedding.pooling",
        "answer: {embedding: {dimensions: 3}}|answer.embedding.dimensions|without answer.embedding.pooling",
        "answer: {embedding: {}}|answer.embedding|is empty",
        "answer: {embedding: last}|answer.embedding|section",
        "answer: {embedding: {poling: last}}|poling|did you mean answer.embedding.pooling"
      })
  void saysWhatIsWrong(String lines, String first, String second) {
    assertThatThrownBy(() -> job(lines))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("job.yaml:")
        .hasMessageContaining(first)
        .hasMessageContaining(second);
  }

  @ParameterizedTest
  @CsvSource({"temperature, 1", "top-k, 4", "stop, [a]", "seed, 3"})
  void refusesSampling(String option, String value) {
    assertThatThrownBy(
            () ->
                job(
                    "answer: {embedding: {pooling: last}}",
                    "sampling.%s=%s".formatted(option, value)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("sampling." + option)
        .hasMessageContaining("no token is sampled");
  }

  @Test
  void keepsColumnsThatAnswersOfTokensHave() {
    String answer = "answer: {embedding: {pooling: last}}";
    assertThat(job(answer, "output.columns=[id, completion]").output().columns())
        .hasValue(List.of("id", "completion"));
    assertThatThrownBy(() -> job(answer, "output.columns=[embedding]"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("names embedding, which the answer has a column of");
  }
}
