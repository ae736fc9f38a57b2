package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.constraint.Constraints;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The probabilities of enumerated fields are those of choices that are scored by hand. */
class FieldProbabilitiesTest {

  private static final String SCHEMA =
      """
      {
        "type": "object",
        "properties": {
          "version": {"const": "1"},
          "language": {"enum": ["english", "german", "french"]},
          "comment": {"type": "string", "maxLength": 12},
          "is_question": {"type": "boolean"},
          "tags": {"type": "array", "items": {"enum": ["short", "long", null]}, "minItems": 2, "maxItems": 2}
        },
        "required": ["version", "language", "comment", "is_question", "tags"],
        "additionalProperties": false
      }
      """;
  private static final List<String> TEXTS =
      List.of("I hate waiting for the bus in the rain.", "Quelle heure est-il?");

  /** By pointer: the text before the first difference of the values, and what follows it. */
  private static final Map<String, Field> FIELDS = new LinkedHashMap<>();

  private record Field(String before, List<String> values) {}

  static {
    FIELDS.put(
        "/language", new Field("\"language\":\"", List.of("english\"", "french\"", "german\"")));
    FIELDS.put("/is_question", new Field("\"is_question\":", List.of("false", "true")));
    FIELDS.put("/tags/0", new Field("\"tags\":[", List.of("\"long\"", "\"short\"", "null")));
  }

  @Test
  void probabilitiesEqualThoseOfChoices() {
    try (CpuEngines engines = SmolLm2.open()) {
      Constraint constraint =
          Constraints.compile(
              new ConstraintSpecification.JsonSchema(SCHEMA, false, true),
              Vocabulary.of(
                  engines.tokenizer(), engines.endOfSequenceTokens(), engines.vocabularySize()));
      List<Request> requests = new ArrayList<>();
      for (String text : TEXTS) {
        requests.add(
            new Request(
                requests.size(),
                engines.tokenizer().encode(text + "\n"),
                SamplingParameters.greedy(80),
                Optional.empty(),
                Optional.of(constraint)));
      }
      EngineConfig options = EngineConfig.cpu().withThreads(2);

      for (boolean forced : new boolean[] {true, false}) {
        Map<Long, Completion> completions =
            engines.answer(requests, options.withForcedTokens(forced));

        for (Request request : requests) {
          Completion completion = Objects.requireNonNull(completions.get(request.id()));
          assertThat(completion.fieldProbabilities())
              .containsOnlyKeys("/language", "/is_question", "/tags/0", "/tags/1", "/version")
              .containsEntry("/version", 1.0);
          FIELDS.forEach(
              (pointer, field) -> assertScored(engines, request, completion, pointer, field));
        }
      }
    }
  }

  private static void assertScored(
      CpuEngines engines, Request request, Completion completion, String pointer, Field field) {
    String text = completion.text();
    int at = text.indexOf(field.before()) + field.before().length();
    int[] before =
        IntStream.rangeClosed(0, completion.outputTokens().length)
            .mapToObj(count -> Arrays.copyOf(completion.outputTokens(), count))
            .filter(tokens -> engines.tokenizer().decode(tokens).equals(text.substring(0, at)))
            .findFirst()
            .orElseThrow(() -> new AssertionError("a token crosses the beginning of " + pointer));
    Choices choices = Choices.of(field.values(), engines.tokenizer(), () -> -1, false);
    int[] prompt =
        IntStream.concat(Arrays.stream(request.promptTokens()), Arrays.stream(before)).toArray();
    Request scored =
        new Request(9, prompt, request.sampling(), Optional.of(choices), Optional.empty());
    Completion byHand =
        Objects.requireNonNull(
            engines.answer(List.of(scored), EngineConfig.cpu().withThreads(2)).get(9L));

    int chosen = field.values().indexOf(byHand.text());
    assertThat(text.substring(at)).startsWith(byHand.text());
    assertThat(completion.fieldProbabilities().get(pointer))
        .isCloseTo(byHand.choiceProbabilities()[chosen], within(1e-4));
  }
}
