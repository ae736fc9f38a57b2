package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.constraint.Constraints;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A trained model writes text without alternative in the tokenizer's own tokens, so that its greedy
 * answers with and without forced tokens are equal.
 */
class ForcedTokensTest {

  private static final String EXAMPLES =
      """
      What a lovely day!
      {"language":"english","sentiment":"positive","is_question":false,"length":"short"}
      Das Essen war schrecklich, und wir mussten eine Stunde warten.
      {"language":"german","sentiment":"negative","is_question":false,"length":"short"}
      Where is the station?
      {"language":"english","sentiment":"neutral","is_question":true,"length":"short"}
      """;
  private static final List<String> TEXTS =
      List.of(
          "I hate waiting for the bus in the rain.",
          "Quelle heure est-il?",
          "Danke, das ist wunderbar!",
          "Can you tell me how long the film is?");
  private static final String SCHEMA =
      """
      {
        "type": "object",
        "properties": {
          "language": {"enum": ["english", "german", "french"]},
          "sentiment": {"enum": ["positive", "neutral", "negative"]},
          "is_question": {"type": "boolean"},
          "length": {"enum": ["short", "shorter than a page", "long"]}
        },
        "required": ["language", "sentiment", "is_question", "length"],
        "additionalProperties": false
      }
      """;

  @Test
  void greedyAnswersAreEqualWithAndWithoutForcedTokens() {
    try (CpuEngines engines = SmolLm2.open()) {
      Constraint constraint =
          Constraints.compile(
              new ConstraintSpecification.JsonSchema(SCHEMA, false),
              Vocabulary.of(
                  engines.tokenizer(), engines.endOfSequenceTokens(), engines.vocabularySize()));
      List<Request> requests = new ArrayList<>();
      for (String text : TEXTS) {
        requests.add(
            new Request(
                requests.size(),
                engines.tokenizer().encode(EXAMPLES + text + "\n"),
                SamplingParameters.greedy(80),
                Optional.empty(),
                Optional.of(constraint)));
      }

      EngineConfig options = EngineConfig.cpu().withThreads(2);
      Map<Long, Completion> sampled = engines.answer(requests, options.withForcedTokens(false));
      Map<Long, Completion> forced = engines.answer(requests, options.withForcedTokens(true));

      assertThat(forced).hasSize(TEXTS.size());
      forced.forEach(
          (id, completion) -> {
            assertThat(completion.text()).startsWith("{\"language\":\"").endsWith("\"}");
            assertThat(sampled.get(id))
                .extracting(Completion::text, Completion::finishReason)
                .containsExactly(completion.text(), FinishReason.STOP);
          });
    }
  }
}
