package io.nightshift.runtime.engine;

import static io.nightshift.runtime.engine.SmolLm2.LOGIT_TOLERANCE;
import static io.nightshift.runtime.engine.SmolLm2.NEAR_TIE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.engine.Golden.GoldenChoices;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The whole engine with the small real model, against what Hugging Face transformers computes in
 * f32 with the same weights.
 */
class TransformersAgreementTest {

  private static final double CHOICE_TOLERANCE = 0.01;

  private static final List<Golden> PROMPTS = Golden.read("smollm2/prompts.json.gz");
  private static final List<Golden> TURNS = Golden.read("smollm2/turns.json");

  @SuppressWarnings("NullAway.Init")
  private static CpuEngines engines;

  @BeforeAll
  static void open() {
    engines = SmolLm2.open();
  }

  @AfterAll
  static void close() {
    engines.close();
  }

  @Test
  void promptTokensAreEqual() {
    assertThat(PROMPTS).hasSizeGreaterThanOrEqualTo(100);
    for (Golden golden : PROMPTS) {
      assertThat(engines.tokenizer().encodePrompt(RenderedPrompt.trusted(golden.text())))
          .as(golden.text())
          .isEqualTo(golden.tokens());
    }
  }

  /** Every fourth prompt: what bounds the gaps that the other tests call near-ties. */
  @Test
  void logitsDifferByRoundingOnly() {
    double largest = 0;
    for (int i = 0; i < PROMPTS.size(); i += 4) {
      float[] logits = engines.logits(PROMPTS.get(i).tokens());
      for (double[] expected : PROMPTS.get(i).topLogits()) {
        largest = Math.max(largest, Math.abs(logits[(int) expected[0]] - expected[1]));
      }
    }
    System.out.printf("largest difference of a logit from transformers: %.1e%n", largest);
    assertThat(largest).isLessThan(LOGIT_TOLERANCE);
  }

  @Test
  void greedyTokensAreEqualUpToNearTies() {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < PROMPTS.size(); i++) {
      requests.add(PROMPTS.get(i).greedyRequest(i, PROMPTS.get(i).greedy().length, false));
    }
    Map<Long, Completion> completions = engines.answer(requests, EngineConfig.cpu());
    assertThat(completions).hasSameSizeAs(PROMPTS);
    int compared = 0;
    int steps = 0;
    for (Map.Entry<Long, Completion> entry : completions.entrySet()) {
      Golden golden = PROMPTS.get(entry.getKey().intValue());
      golden.assertGreedy(entry.getValue(), NEAR_TIE);
      compared += golden.decidedTokens(NEAR_TIE);
      steps += golden.greedy().length;
    }
    System.out.printf("greedy tokens compared with transformers: %d of %d%n", compared, steps);
    assertThat(compared).isGreaterThan(steps * 95 / 100);
  }

  @Test
  void choiceProbabilitiesAreEqual() {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < PROMPTS.size(); i++) {
      GoldenChoices golden = PROMPTS.get(i).choices();
      if (golden != null) {
        Choices choices = engines.choices(golden.texts());
        assertThat(choices.tokens().toArray(int[][]::new)).isDeepEqualTo(golden.tokens());
        requests.add(PROMPTS.get(i).scoringRequest(i, choices));
      }
    }
    assertThat(requests).hasSize(40);
    Map<Long, Completion> completions = engines.answer(requests, EngineConfig.cpu());
    assertThat(completions).hasSameSizeAs(requests);
    double largest = 0;
    for (Completion completion : completions.values()) {
      assertThat(completion.finishReason()).isEqualTo(FinishReason.CHOICE);
      double[] expected =
          requireNonNull(PROMPTS.get((int) completion.id()).choices()).probabilities();
      double[] probabilities = completion.choiceProbabilities();
      assertThat(probabilities).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        largest = Math.max(largest, Math.abs(probabilities[i] - expected[i]));
      }
    }
    System.out.printf(
        "largest difference of a choice's probability from transformers: %.1e%n", largest);
    assertThat(largest).isLessThan(CHOICE_TOLERANCE);
  }

  @Test
  void turnsEndWhereTheModelEndsThem() {
    int limit = TURNS.stream().mapToInt(golden -> golden.greedy().length).max().orElseThrow() + 5;
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < TURNS.size(); i++) {
      assertThat(TURNS.get(i).decidedTokens(NEAR_TIE)).isEqualTo(TURNS.get(i).greedy().length);
      requests.add(TURNS.get(i).greedyRequest(i, limit, false));
    }
    Map<Long, Completion> completions = engines.answer(requests, EngineConfig.cpu());
    for (int i = 0; i < TURNS.size(); i++) {
      Completion completion = requireNonNull(completions.get((long) i));
      assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
      assertThat(completion.outputTokens()).isEqualTo(TURNS.get(i).greedy());
      assertThat(completion.text()).isEqualTo(TURNS.get(i).answer());
    }
  }
}
