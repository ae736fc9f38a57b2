package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.PipelinedRunner;
import io.nightshift.runtime.runner.ScriptedRunner;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of a model that says what the test wants, which is divided into thinking and answer. */
class ReasoningTest {
  private static final List<String> TEXTS =
      List.of(
          "<end>",
          "<think>",
          "</think>",
          "\n",
          " ",
          "ask",
          "hm",
          "ah",
          "yes",
          "no",
          "<",
          "think",
          ">",
          "</",
          ">\n",
          "<t",
          "hink>");
  private static final int END = 0;
  private static final ReasoningMark START_TOKEN = new ReasoningMark("<think>", new int[] {1});
  private static final ReasoningMark END_TOKEN = new ReasoningMark("</think>", new int[] {2});
  private static final ReasoningMark START_TEXT = mark("<", "think", ">");
  private static final ReasoningMark END_TEXT = mark("</", "think", ">");
  private static final Reasoning TOKENS = new MarkedReasoning(START_TOKEN, END_TOKEN, 0);
  private static final Reasoning TEXT = new MarkedReasoning(START_TEXT, END_TEXT, 0);
  private static final String[] ASK = {"ask"};

  private static ReasoningMark mark(String... texts) {
    return new ReasoningMark(String.join("", texts), tokens(texts));
  }

  private static int[] tokens(String... texts) {
    return List.of(texts).stream().mapToInt(TEXTS::indexOf).toArray();
  }

  /** The marks as tokens are control tokens, which have no text. */
  private static String decode(int[] tokens) {
    StringBuilder text = new StringBuilder();
    IntStream.of(tokens).filter(token -> token > 2).mapToObj(TEXTS::get).forEach(text::append);
    return text.toString();
  }

  private static Completion answer(
      Reasoning marks, String[] prompt, List<String> stop, int maxTokens, String... says) {
    SamplingParameters sampling =
        new SamplingParameters(0, 0, 1, 0, 1, 0, maxTokens, stop, false, true, 2);
    Request request =
        new Request(
            7, tokens(prompt), sampling, Optional.empty(), Optional.empty(), Optional.of(marks));
    Completion direct = run(runner(says), List.of(request)).get(0);
    for (int seed = 0; seed < 4; seed++) {
      Completion pipelined = run(new PipelinedRunner(runner(says), seed), List.of(request)).get(0);
      assertThat(pipelined)
          .usingRecursiveComparison()
          .withEqualsForType((a, b) -> Float.compare(a, b) == 0, Float.class)
          .isEqualTo(direct);
    }
    return direct;
  }

  private static ModelRunner runner(String... says) {
    return new ScriptedRunner(
        new FakeModelRunner(FakeModelRunner.config(TEXTS.size(), 64, END), 100, 4, 200, 5),
        tokens(says));
  }

  private static List<Completion> run(ModelRunner runner, List<Request> requests) {
    List<Completion> completions = new ArrayList<>();
    try (LlmEngine engine =
        new LlmEngine(runner, ReasoningTest::decode, EngineConfig.cpu().withThreads(1))) {
      requests.forEach(engine::add);
      while (engine.hasUnfinished()) {
        completions.addAll(engine.step());
      }
    }
    completions.sort(Comparator.comparingLong(Completion::id));
    return completions;
  }

  private static void assertParts(
      Completion completion, @Nullable String reasoning, String answer) {
    assertThat(completion.reasoning()).isEqualTo(reasoning);
    assertThat(completion.text()).isEqualTo(answer);
  }

  @Test
  void whatStandsBetweenTheMarksIsTheReasoning() {
    Completion tokens =
        answer(
            TOKENS,
            ASK,
            List.of(),
            20,
            "\n",
            "<think>",
            "\n",
            "hm",
            " ",
            "ah",
            "\n",
            "</think>",
            "\n",
            "\n",
            "yes",
            " ",
            "no",
            "<end>");
    assertParts(tokens, "hm ah", "yes no");
    assertThat(tokens.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(tokens.outputTokens()).hasSize(14);

    assertParts(
        answer(TEXT, ASK, List.of(), 20, "<t", "hink>", "hm", "</", "think", ">\n", "yes", "<end>"),
        "hm",
        "yes");
  }

  @Test
  void aPromptMayHaveBegunTheReasoning() {
    String[] says = {"hm", "</think>", "yes", "<end>"};
    assertParts(
        answer(TOKENS, new String[] {"ask", "<think>", "\n", "\n"}, List.of(), 9, says),
        "hm",
        "yes");
    assertParts(
        answer(
            TOKENS,
            new String[] {"<think>", "ask", "</think>", "\n"},
            List.of(),
            9,
            "yes",
            "<end>"),
        null,
        "yes");
    assertParts(
        answer(
            TEXT,
            new String[] {"ask", "<", "think", ">\n"},
            List.of(),
            9,
            "hm",
            "</",
            "think",
            ">",
            "yes",
            "<end>"),
        "hm",
        "yes");
  }

  @Test
  void withoutReasoningAllIsTheAnswer() {
    assertParts(answer(TOKENS, ASK, List.of(), 9, "\n", "yes", "<end>"), null, "\nyes");
    assertParts(answer(TOKENS, ASK, List.of(), 2, "\n", "\n", "\n"), null, "\n\n");
    assertParts(answer(TOKENS, ASK, List.of(), 9, "yes", "<think>", "no", "<end>"), null, "yesno");
    assertParts(answer(TEXT, ASK, List.of(), 9, "<", "think", "yes", "<end>"), null, "<thinkyes");
    assertParts(answer(TEXT, ASK, List.of(), 2, "<", "think", ">"), null, "<think");
    assertParts(
        answer(TOKENS, ASK, List.of(), 9, "<think>", "</think>", "yes", "<end>"), "", "yes");
  }

  @Test
  void reasoningThatDoesNotEndLeavesNoAnswer() {
    Completion cut = answer(TOKENS, ASK, List.of(), 3, "<think>", "hm", " ", "ah");
    assertParts(cut, "hm", "");
    assertThat(cut.finishReason()).isEqualTo(FinishReason.LENGTH);

    Completion ended = answer(TOKENS, ASK, List.of(), 9, "<think>", "hm", "<end>");
    assertParts(ended, "hm", "");
    assertThat(ended.finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void stopStringsEndTheAnswerAndNotTheReasoning() {
    Completion completion =
        answer(TOKENS, ASK, List.of("no"), 20, "<think>", "no", "</think>", "yes", "no", "ah");
    assertParts(completion, "no", "yes");
    assertThat(completion.outputTokens()).hasSize(5);
    assertParts(answer(TOKENS, ASK, List.of("\n"), 20, "\n", "yes"), null, "");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void reasoningEndsAtItsLimitAndTheModelContinues(int limit) {
    String[] says = {"<think>", "hm", "ah", "hm", "ah", "hm", "ah", "yes", "no", "<end>"};
    for (MarkedReasoning marks :
        List.of(
            new MarkedReasoning(START_TOKEN, END_TOKEN, limit),
            new MarkedReasoning(START_TOKEN, END_TEXT, limit))) {
      int forced = marks.end().tokens().length;
      // The model says the next word of its script wherever it is.
      Completion completion = answer(marks, ASK, List.of(), 30, says);
      String thought = "hmahhmahhmah".substring(0, 2 * limit);
      assertThat(completion.reasoning()).isEqualTo(thought);
      assertThat(thought + completion.text()).isEqualTo(spokenAfter(limit, forced, says, thought));
      assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
      for (int i = 0; i < completion.outputTokens().length; i++) {
        boolean wasForced = i > limit && i <= limit + forced;
        assertThat(Float.isNaN(completion.logprobs()[i])).isEqualTo(wasForced);
        assertThat(completion.topLogprobs().tokens()[2 * i] == -1).isEqualTo(wasForced);
      }
    }
  }

  /** The script goes on where it stands after the forced tokens. */
  private static String spokenAfter(int limit, int forced, String[] says, String thought) {
    StringBuilder text = new StringBuilder(thought);
    for (int i = 1 + limit + forced; i < says.length - 1; i++) {
      text.append(says[i]);
    }
    return text.toString();
  }

  @Test
  void reasoningThatEndsBeforeItsLimitIsLeftAlone() {
    Reasoning marks = new MarkedReasoning(START_TOKEN, END_TOKEN, 3);
    Completion completion =
        answer(marks, ASK, List.of(), 20, "<think>", "hm", "ah", "</think>", "yes", "<end>");
    assertParts(completion, "hmah", "yes");
    assertThat(completion.outputTokens()).hasSize(6);
  }

  @Test
  void theMaximumOfTokensHoldsForForcedOnesToo() {
    Completion completion =
        answer(
            new MarkedReasoning(START_TOKEN, END_TEXT, 2),
            ASK,
            List.of(),
            4,
            "<think>",
            "hm",
            "hm",
            "hm");
    assertThat(completion.outputTokens()).hasSize(4);
    assertThat(completion.text()).isEmpty();
    assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
  }
}
