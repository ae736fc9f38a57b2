package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.sampling.LogProbabilities;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LlmEngineTest {

  private static final int VOCABULARY = 26;
  private static final int[] PROMPT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  private static final EngineConfig OPTIONS = EngineConfig.cpu().withThreads(2);

  private static FakeModelRunner runner(Integer... endTokens) {
    return new FakeModelRunner(FakeModelRunner.config(VOCABULARY, 64, endTokens), 100, 4, 200, 5);
  }

  private static LlmEngine engine(FakeModelRunner runner) {
    return new LlmEngine(runner, RandomRequests::letters, OPTIONS);
  }

  private static Request greedy(long id, int[] prompt, int maxTokens) {
    return new Request(id, prompt, SamplingParameters.greedy(maxTokens), Optional.empty());
  }

  private static List<Completion> run(LlmEngine engine, List<Request> requests) {
    requests.forEach(engine::add);
    List<Completion> completions = new ArrayList<>();
    while (engine.hasUnfinished()) {
      completions.addAll(engine.step());
    }
    return completions;
  }

  private static Completion answer(Request request, Integer... endTokens) {
    try (LlmEngine engine = engine(runner(endTokens))) {
      return run(engine, List.of(request)).get(0);
    }
  }

  /** Logits after a context, straight from the runner. */
  private static float[] logits(int... context) {
    try (FakeModelRunner runner = runner()) {
      int[] blocks = IntStream.range(0, runner.blockCount()).toArray();
      Logits logits =
          runner.run(
              new StepBatch(
                  List.of(new StepSequence(context, context.length, blocks, null)),
                  List.of(),
                  List.of(new LogitsRequest(context.length - 1, null))));
      float[] row = new float[VOCABULARY];
      logits.read(0, row);
      return row;
    }
  }

  private static double logProbability(int[] context, int token) {
    float[] logits = logits(context);
    return logits[token] - LogProbabilities.logSumExp(logits, logits.length);
  }

  private static int[] concat(int[] head, int... tail) {
    int[] all = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }

  @Test
  void greedyAnswerIsTheMostProbableTokenOfEachContext() {
    Completion completion = answer(greedy(1, PROMPT, 20));

    assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(completion.outputTokens()).hasSize(20);
    assertThat(completion.text()).isEqualTo(RandomRequests.letters(completion.outputTokens()));
    int[] context = PROMPT;
    for (int token : completion.outputTokens()) {
      float[] logits = logits(context);
      assertThat(logits[token]).isEqualTo(LogProbabilities.finiteMax(logits, logits.length));
      context = concat(context, token);
    }
  }

  @Test
  void endOfSequenceTokenEndsTheAnswerAndIsNotInItsText() {
    int[] free = answer(greedy(1, PROMPT, 20)).outputTokens();
    int end = free[5];
    int length = IntStream.range(0, 6).filter(i -> free[i] == end).findFirst().orElseThrow() + 1;

    Completion completion = answer(greedy(1, PROMPT, 20), end);

    assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(completion.outputTokens()).isEqualTo(Arrays.copyOf(free, length));
    assertThat(completion.text())
        .isEqualTo(RandomRequests.letters(Arrays.copyOf(free, length - 1)));
  }

  @Test
  void endOfSequenceTokenIsOrdinaryWhereIgnored() {
    int[] free = answer(greedy(1, PROMPT, 20)).outputTokens();
    SamplingParameters ignoring =
        new SamplingParameters(0, 0, 1, 0, 1, 0, 20, List.of(), true, false);

    Completion completion =
        answer(new Request(1, PROMPT, ignoring, Optional.empty()), free[0], free[1]);

    assertThat(completion.outputTokens()).isEqualTo(free);
  }

  @Test
  void stopStringMaySpanTokensAndIsCut() {
    String free = answer(greedy(1, PROMPT, 20)).text();
    String stop = free.substring(7, 10);
    SamplingParameters stopping =
        new SamplingParameters(0, 0, 1, 0, 1, 0, 20, List.of("??", stop), false, false);

    Completion completion = answer(new Request(1, PROMPT, stopping, Optional.empty()));

    assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(completion.text()).isEqualTo(free.substring(0, free.indexOf(stop)));
    assertThat(completion.outputTokens()).hasSize(free.indexOf(stop) + 3);
  }

  @Test
  void contextLengthEndsTheAnswer() {
    Completion completion = answer(greedy(1, PROMPT, 1000));

    assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(completion.outputTokens()).hasSize(64 - PROMPT.length);
  }

  @Test
  void logprobsAreThoseOfTheUnmodifiedDistribution() {
    SamplingParameters sampling =
        new SamplingParameters(1.7, 9, 0.9, 0, 1.3, 11, 8, List.of(), false, true);

    Completion completion = answer(new Request(1, PROMPT, sampling, Optional.empty()));

    assertThat(completion.logprobs()).hasSize(8);
    int[] context = PROMPT;
    for (int i = 0; i < 8; i++) {
      int token = completion.outputTokens()[i];
      assertThat((double) completion.logprobs()[i])
          .isCloseTo(logProbability(context, token), within(1e-5));
      context = concat(context, token);
    }
  }

  @Test
  void theMostProbableTokensOfEachPositionAreReported() {
    SamplingParameters sampling =
        new SamplingParameters(1.7, 0, 1, 0, 1.3, 11, 20, List.of(), false, true, 3);

    Completion completion = answer(new Request(1, PROMPT, sampling, Optional.empty()));

    assertThat(completion.topLogprobs().tokens()).hasSize(60);
    int[] context = PROMPT;
    for (int i = 0; i < 20; i++) {
      float[] logits = logits(context);
      for (int j = 0; j < 3; j++) {
        int token = completion.topLogprobs().tokens()[3 * i + j];
        assertThat(logits[token]).isEqualTo(LogProbabilities.finiteMax(logits, logits.length));
        assertThat((double) completion.topLogprobs().logprobs()[3 * i + j])
            .isCloseTo(logProbability(context, token), within(1e-5));
        logits[token] = Float.NEGATIVE_INFINITY;
      }
      context = concat(context, completion.outputTokens()[i]);
    }
  }

  @Test
  void choiceProbabilitiesAreProductsOverTheirTokens() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      RandomRequests requests = new RandomRequests(random, VOCABULARY, 40);
      for (Request request : requests.requests(4)) {
        if (request.choices().isPresent()) {
          checkChoices(request, request.choices().get());
        }
      }
    }
  }

  private static void checkChoices(Request request, Choices choices) {
    double[] scores = new double[choices.texts().size()];
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      int[] context = request.promptTokens();
      double logProbability = 0;
      for (int token : choices.tokens().get(i)) {
        logProbability += logProbability(context, token);
        context = concat(context, token);
      }
      int length = choices.normalizeByLength() ? choices.tokens().get(i).length : 1;
      scores[i] = Math.exp(logProbability / length);
      sum += scores[i];
    }

    Completion completion = answer(request);

    assertThat(completion.finishReason()).isEqualTo(FinishReason.CHOICE);
    int best = 0;
    for (int i = 0; i < scores.length; i++) {
      assertThat(completion.choiceProbabilities()[i]).isCloseTo(scores[i] / sum, within(1e-9));
      best = scores[i] > scores[best] ? i : best;
    }
    assertThat(completion.text()).isEqualTo(choices.texts().get(best));
    assertThat(completion.outputTokens()).isEmpty();
  }

  @Test
  void choicesCostOneStepAndNoMoreTokensThanTheirTree() {
    Choices choices =
        new Choices(
            List.of("a", "b", "c"),
            List.of(new int[] {7, 1, 2}, new int[] {7, 1, 3}, new int[] {8}),
            false);
    FakeModelRunner runner = runner();
    try (LlmEngine engine = engine(runner)) {
      run(
          engine,
          List.of(new Request(1, PROMPT, SamplingParameters.greedy(1), Optional.of(choices))));
    }
    assertThat(runner.steps()).isEqualTo(1);
    assertThat(runner.tokens()).isEqualTo(PROMPT.length + 2);
  }

  @Test
  void tooManyChoicesForOneStepAreScoredInSeveral() {
    List<int[]> tokens = new ArrayList<>();
    for (int a = 0; a < 5; a++) {
      for (int b = 0; b < 5; b++) {
        tokens.add(new int[] {a, b, (a + b) % 5});
      }
    }
    Choices choices = new Choices(tokens.stream().map(Arrays::toString).toList(), tokens, false);
    Request request = new Request(1, PROMPT, SamplingParameters.greedy(1), Optional.of(choices));
    Completion atOnce = answer(request);
    EngineConfig small = OPTIONS.withMaxStepTokens(9).withMaxStepLogits(6);
    try (LlmEngine engine = new LlmEngine(runner(), RandomRequests::letters, small)) {
      Completion inParts = run(engine, List.of(request)).get(0);
      assertThat(engine.statistics().steps()).isGreaterThan(5);
      assertThat(inParts.text()).isEqualTo(atOnce.text());
      for (int i = 0; i < tokens.size(); i++) {
        assertThat(inParts.choiceProbabilities()[i])
            .isCloseTo(atOnce.choiceProbabilities()[i], within(1e-12));
      }
    }
  }

  @Test
  void aSingleChoiceHasProbabilityOne() {
    Choices one = new Choices(List.of("only"), List.of(new int[] {3, 4}), false);
    Completion completion =
        answer(new Request(1, PROMPT, SamplingParameters.greedy(1), Optional.of(one)));
    assertThat(completion.text()).isEqualTo("only");
    assertThat(completion.choiceProbabilities()).containsExactly(1.0);
  }

  @Test
  void requestsThatCannotBeAnsweredComeOutAsErrors() {
    Choices strange = new Choices(List.of("x", "y"), List.of(new int[] {1}, new int[] {99}), false);
    List<Request> requests =
        List.of(
            greedy(0, new int[0], 1),
            greedy(1, new int[64], 1),
            greedy(2, new int[] {1, 26}, 1),
            greedy(3, new int[] {-1}, 1),
            new Request(4, PROMPT, SamplingParameters.greedy(1), Optional.of(strange)),
            greedy(5, PROMPT, 1));
    try (LlmEngine engine = engine(runner())) {
      List<Completion> completions = run(engine, requests);

      assertThat(completions)
          .extracting(Completion::id)
          .containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L);
      assertThat(completions.subList(0, 5))
          .extracting(Completion::error)
          .containsExactly(
              RequestError.EMPTY_PROMPT,
              RequestError.PROMPT_TOO_LONG,
              RequestError.INVALID_TOKEN,
              RequestError.INVALID_TOKEN,
              RequestError.INVALID_TOKEN);
      assertThat(completions.get(1).errorMessage())
          .isEqualTo(
              "the prompt has 64 tokens, with one output token 65; the model's context takes 64");
      assertThat(completions.get(5).error()).isNull();
      assertThat(engine.statistics().failedRequests()).isEqualTo(5);
    }
  }

  @Test
  void logitsThatAreNoNumbersFailTheirRowOnly() {
    Choices choices = new Choices(List.of("x", "y"), List.of(new int[] {1}, new int[] {2}), false);
    int[] bad = {5, 5, 5};
    List<Request> requests =
        List.of(
            greedy(0, PROMPT, 3),
            greedy(1, bad, 3),
            new Request(2, bad, SamplingParameters.greedy(1), Optional.of(choices)));
    try (LlmEngine engine =
        new LlmEngine(new OverflowingRunner(runner()), RandomRequests::letters, OPTIONS)) {
      List<Completion> completions = run(engine, requests);

      assertThat(completions)
          .filteredOn(completion -> completion.error() == RequestError.INVALID_LOGITS)
          .extracting(Completion::id)
          .containsExactlyInAnyOrder(1L, 2L);
      assertThat(completions).hasSize(3);
      assertThat(engine.statistics().usedBlocks()).isZero();
    }
  }

  @Test
  void closingTheEngineClosesTheRunner() {
    FakeModelRunner runner = runner();
    engine(runner).close();
    assertThat(runner.closed()).isTrue();
  }
}
