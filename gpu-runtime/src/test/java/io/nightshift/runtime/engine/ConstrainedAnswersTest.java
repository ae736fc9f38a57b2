package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.kvcache.HostCounts;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.HostLogits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.sampling.LogProbabilities;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a constraint does to an answer; on a runner whose logits are a hash of the context. */
class ConstrainedAnswersTest {

  private static final int VOCABULARY = 26;
  private static final int END = 25;
  private static final int[] PROMPT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  private static final EngineConfig OPTIONS = EngineConfig.cpu().withThreads(2);

  private EngineStatistics statistics =
      new EngineStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, HostCounts.NONE);

  private static FakeModelRunner runner() {
    return new FakeModelRunner(FakeModelRunner.config(VOCABULARY, 64, END), 100, 4, 200, 5);
  }

  private static Constraint sequences(String... texts) {
    return new TokenSequences(
        VOCABULARY,
        Set.of(END),
        IntStream.range(0, texts.length)
            .mapToObj(i -> texts[i].chars().map(c -> c - 'a').toArray())
            .toList());
  }

  private static SamplingParameters greedy(int maxTokens, boolean logprobs) {
    return new SamplingParameters(0, 0, 1, 0, 1, 0, maxTokens, List.of(), false, logprobs);
  }

  private static Request request(SamplingParameters sampling, Constraint constraint) {
    return new Request(1, PROMPT, sampling, Optional.empty(), Optional.of(constraint));
  }

  private Completion answer(Request request, boolean forcedTokens) {
    try (LlmEngine engine =
        new LlmEngine(runner(), RandomRequests::letters, OPTIONS.withForcedTokens(forcedTokens))) {
      engine.add(request);
      List<Completion> completions = new ArrayList<>();
      while (engine.hasUnfinished()) {
        completions.addAll(engine.step());
      }
      statistics = engine.statistics();
      assertThat(completions).hasSize(1);
      return completions.get(0);
    }
  }

  private Completion answer(int maxTokens, Constraint constraint) {
    return answer(request(greedy(maxTokens, false), constraint), true);
  }

  @Test
  void aCompleteAnswerEndsWithoutComputingItsEnd() {
    Completion completion =
        answer(request(greedy(20, false), sequences("hello", "hollow", "jelly")), false);

    assertThat(completion.text()).isIn("hello", "hollow", "jelly");
    assertThat(completion.outputTokens()).hasSize(completion.text().length());
    assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(statistics.steps()).isEqualTo(completion.text().length());
    assertThat(statistics.forcedTokens()).isZero();
  }

  @Test
  void anAnswerThatMayEndOrGoOnEndsWithAnEndOfSequenceToken() {
    // The model's favorite of the two is either the end, or the letters up to the next choice.
    Completion completion = answer(20, sequences("ab", "abcd", "abcdef"));

    assertThat(completion.text()).isIn("ab", "abcd", "abcdef");
    int length = completion.text().length();
    assertThat(completion.outputTokens()).hasSize(length < 6 ? length + 1 : length);
    assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void forcedTokensTakeNoStepsOfTheirOwn() {
    Constraint constraint = sequences("abcdefghxyz", "abcdefghijkl");
    Completion stepByStep = answer(request(greedy(20, false), constraint), false);
    long steps = statistics.steps();
    Completion completion = answer(20, constraint);

    assertThat(completion.text()).isEqualTo(stepByStep.text());
    assertThat(completion.outputTokens()).isEqualTo(stepByStep.outputTokens());
    assertThat(steps).isEqualTo(completion.text().length());
    assertThat(statistics.steps()).isEqualTo(1);
    assertThat(statistics.outputTokens()).isEqualTo(completion.text().length());
    assertThat(statistics.forcedTokens()).isEqualTo(completion.text().length() - 1);
    // The model read the forced tokens before the choice with the prompt; those after it need not
    // be read.
    assertThat(statistics.promptTokens()).isEqualTo(PROMPT.length);
  }

  @Test
  void anAnswerWithoutAlternativeTakesNoStep() {
    Completion completion = answer(20, sequences("constant"));

    assertThat(completion.text()).isEqualTo("constant");
    assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(statistics.steps()).isZero();
    assertThat(statistics.finishedRequests()).isEqualTo(1);
    assertThat(statistics.outputTokens()).isEqualTo(8);
  }

  @Test
  void forcedTokensOfAStepWithLittleRoomAreComputedInSeveral() {
    Constraint constraint = sequences("abcdefghijklmnoxab", "abcdefghijklmnoyab");
    Completion expected = answer(20, constraint);
    try (LlmEngine engine =
        new LlmEngine(runner(), RandomRequests::letters, OPTIONS.withMaxStepTokens(4))) {
      engine.add(request(greedy(20, false), constraint));
      List<Completion> completions = new ArrayList<>();
      while (engine.hasUnfinished()) {
        completions.addAll(engine.step());
      }
      assertThat(completions.get(0).text()).isEqualTo(expected.text());
      assertThat(engine.statistics().steps()).isEqualTo((PROMPT.length + 15 + 3) / 4);
    }
  }

  @Test
  void anAnswerThatRunsShortOfTokensIsCompleteAllTheSame() {
    Completion enough = answer(3, sequences("abcdef", "abc"));
    assertThat(enough.text()).isEqualTo("abc");
    assertThat(enough.finishReason()).isEqualTo(FinishReason.LENGTH);

    Completion only = answer(3, sequences("abc", "xyz"));
    assertThat(only.text()).isIn("abc", "xyz");
    assertThat(only.finishReason()).isEqualTo(FinishReason.STOP);

    Completion periodic = answer(7, new PeriodicAnswers(VOCABULARY, Set.of(END), 3, 11));
    assertThat(periodic.text().length() % 3).isZero();
  }

  @Test
  void aConstraintThatNeedsMoreTokensThanThereAreIsAnError() {
    Completion tooFew = answer(4, sequences("abcde", "fghij"));
    assertThat(tooFew.error()).isEqualTo(RequestError.CONSTRAINT_TOO_LONG);
    assertThat(tooFew.errorMessage())
        .isEqualTo(
            "the shortest answer under the constraint has 5 tokens, and max-tokens is 4; allow more");

    Request longPrompt =
        new Request(
            1,
            new int[60],
            greedy(20, false),
            Optional.empty(),
            Optional.of(sequences("abcde", "fghij")));
    assertThat(answer(longPrompt, true).errorMessage())
        .isEqualTo(
            "the shortest answer under the constraint has 5 tokens, and the prompt of 60 leaves room for 4; shorten it");
  }

  @Test
  void logprobsAreThoseOfTheUnmaskedDistributionAndNothingIsForced() {
    Completion completion = answer(request(greedy(20, true), sequences("hello", "jelly")), true);

    assertThat(statistics.forcedTokens()).isZero();
    assertThat(completion.logprobs()).hasSize(5);
    int[] context = new int[PROMPT.length + 5];
    System.arraycopy(PROMPT, 0, context, 0, PROMPT.length);
    FakeModelRunner other = runner();
    for (int i = 0; i < 5; i++) {
      int length = PROMPT.length + i;
      int token = completion.outputTokens()[i];
      float[] row = new float[VOCABULARY];
      logits(other, Arrays.copyOf(context, length)).readRow(0, row);
      assertThat((double) completion.logprobs()[i])
          .isCloseTo(row[token] - LogProbabilities.logSumExp(row, VOCABULARY), within(1e-5));
      context[length] = token;
    }
  }

  private static HostLogits logits(FakeModelRunner other, int[] context) {
    int[] blocks = IntStream.range(0, other.blockCount()).toArray();
    StepSequence sequence = new StepSequence(context, context.length, blocks, null);
    LogitsRequest last = new LogitsRequest(context.length - 1, null);
    return (HostLogits) other.run(new StepBatch(List.of(sequence), List.of(), List.of(last)));
  }

  @Test
  void logitsThatAreNoNumbersFailAConstrainedRow() {
    Request bad =
        new Request(
            1,
            new int[] {5, 5, 5},
            greedy(5, false),
            Optional.empty(),
            Optional.of(sequences("ab", "cd")));
    try (LlmEngine engine =
        new LlmEngine(new OverflowingRunner(runner()), RandomRequests::letters, OPTIONS)) {
      engine.add(bad);
      assertThat(engine.step())
          .extracting(Completion::error)
          .containsExactly(RequestError.INVALID_LOGITS);
      assertThat(engine.statistics().usedBlocks()).isZero();
    }
  }

  @Test
  void whatWouldBreakAConstraintIsRefused() {
    Constraint constraint = sequences("ab");
    Choices choices = new Choices(List.of("a"), List.of(new int[] {0}), false);
    SamplingParameters stop =
        new SamplingParameters(0, 0, 1, 0, 1, 0, 5, List.of("b"), false, false);
    SamplingParameters endless =
        new SamplingParameters(0, 0, 1, 0, 1, 0, 5, List.of(), true, false);

    assertThatThrownBy(
            () ->
                new Request(
                    1, PROMPT, greedy(5, false), Optional.of(choices), Optional.of(constraint)))
        .hasMessage(
            "a constraint cannot be combined with choices, which are answers by themselves; remove one of them");
    assertThatThrownBy(() -> request(stop, constraint)).hasMessageContaining("stop strings");
    assertThatThrownBy(() -> request(endless, constraint))
        .hasMessageContaining("ignored end-of-sequence tokens");
  }
}
