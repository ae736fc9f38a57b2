package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.PipelinedRunner;
import io.nightshift.runtime.runner.ScriptedRunner;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers under a constraint of a model that thinks first, and says what the test wants: the next
 * token of its script, or, of those allowed, that of the lowest id.
 */
class ConstrainedReasoningTest {
  private static final List<String> TEXTS =
      List.of(
          "<end>",
          "<think>",
          "</think>",
          "\n",
          "ask",
          "hm",
          "ah",
          "{",
          "}",
          "\"a\":",
          "1",
          "2",
          "</",
          "think",
          ">",
          ">{");
  private static final int END = 0;
  private static final ReasoningMark START_TOKEN = mark("<think>");
  private static final ReasoningMark END_TOKEN = mark("</think>");
  private static final ReasoningMark END_TEXT = mark("</", "think", ">");
  private static final Reasoning TOKENS = new MarkedReasoning(START_TOKEN, END_TOKEN, 0);
  private static final String[] ASK = {"ask"};
  private static final String[] BEGUN = {"ask", "<think>", "\n"};

  /** Of one digit, two or three. */
  private static final Constraint JSON =
      answers(
          List.of("{", "\"a\":", "1", "}"),
          List.of("{", "\"a\":", "1", "2", "}"),
          List.of("{", "\"a\":", "2", "1", "2", "}"));

  private long forcedTokens;

  private static ReasoningMark mark(String... texts) {
    return new ReasoningMark(String.join("", texts), tokens(texts));
  }

  private static int[] tokens(String... texts) {
    return Arrays.stream(texts).mapToInt(TEXTS::indexOf).toArray();
  }

  @SafeVarargs
  private static Constraint answers(List<String>... answers) {
    return new TokenSequences(
        TEXTS.size(),
        Set.of(END),
        Arrays.stream(answers).map(texts -> tokens(texts.toArray(String[]::new))).toList());
  }

  /** The marks as tokens are control tokens, which have no text. */
  private static String decode(int[] tokens) {
    StringBuilder text = new StringBuilder();
    IntStream.of(tokens).filter(token -> token > 2).mapToObj(TEXTS::get).forEach(text::append);
    return text.toString();
  }

  /** The answer, the same with one step in flight and two, with forced tokens and without. */
  private Completion answer(
      Reasoning marks, Constraint constraint, String[] prompt, int maxTokens, String... says) {
    Request request =
        new Request(
            7,
            tokens(prompt),
            SamplingParameters.greedy(maxTokens),
            Optional.empty(),
            Optional.of(constraint),
            Optional.of(marks));
    Completion direct = run(runner(says), request, true);
    for (int seed = 0; seed < 4; seed++) {
      for (boolean forces : new boolean[] {false, true}) {
        assertThat(run(new PipelinedRunner(runner(says), seed), request, forces))
            .usingRecursiveComparison()
            .isEqualTo(direct);
      }
    }
    return direct;
  }

  private static ModelRunner runner(String... says) {
    return new ScriptedRunner(
        new FakeModelRunner(FakeModelRunner.config(TEXTS.size(), 64, END), 100, 4, 200, 5),
        tokens(says));
  }

  private Completion run(ModelRunner runner, Request request, boolean forces) {
    EngineConfig options = EngineConfig.cpu().withThreads(1).withForcedTokens(forces);
    try (LlmEngine engine = new LlmEngine(runner, ConstrainedReasoningTest::decode, options)) {
      engine.add(request);
      List<Completion> completions = new ArrayList<>();
      while (engine.hasUnfinished()) {
        completions.addAll(engine.step());
      }
      forcedTokens = engine.statistics().forcedTokens();
      assertThat(completions).hasSize(1);
      return completions.get(0);
    }
  }

  private static void assertParts(
      Completion completion, @Nullable String reasoning, String answer, FinishReason reason) {
    assertThat(completion.reasoning()).isEqualTo(reasoning);
    assertThat(completion.text()).isEqualTo(answer);
    assertThat(completion.finishReason()).isEqualTo(reason);
  }

  @Test
  void theConstraintBeginsAfterTheReasoning() {
    String[] says = {"<think>", "hm", "{", "ah", "</think>", "hm", "hm", "1", "2", "hm"};
    Completion completion = answer(TOKENS, JSON, ASK, 30, says);
    assertParts(completion, "hm{ah", "{\"a\":12}", FinishReason.STOP);
    assertThat(completion.outputTokens())
        .isEqualTo(tokens("<think>", "hm", "{", "ah", "</think>", "{", "\"a\":", "1", "2", "}"));
    assertThat(forcedTokens).isEqualTo(3);
  }

  @Test
  void aPromptMayHaveBegunTheReasoning() {
    String[] says = {"hm", "</think>", "hm", "hm", "1", "}"};
    Completion completion = answer(TOKENS, JSON, BEGUN, 30, says);
    assertParts(completion, "hm", "{\"a\":1}", FinishReason.STOP);
    assertParts(
        answer(TOKENS, JSON, BEGUN, 30, "</think>", "hm", "hm", "1", "}"),
        "",
        "{\"a\":1}",
        FinishReason.STOP);
  }

  @Test
  void theModelMayAnswerAtOnceButNotSayAnythingElse() {
    assertParts(
        answer(TOKENS, JSON, ASK, 30, "{", "hm", "1", "}"), null, "{\"a\":1}", FinishReason.STOP);
    assertParts(
        answer(TOKENS, JSON, ASK, 30, "hm", "ah", "</think>", "hm", "hm", "1", "}"),
        "ah",
        "{\"a\":1}",
        FinishReason.STOP);
    assertThat(answer(TOKENS, JSON, ASK, 30, "{", "<think>", "1", "}").outputTokens())
        .doesNotContain(1);
  }

  @Test
  void whitespaceOfTheAnswerIsKept() {
    Constraint lines = answers(List.of("\n", "\n", "1", "\n"), List.of("\n", "2", "2", "\n"));
    assertParts(
        answer(TOKENS, lines, ASK, 30, "\n", "\n", "1"), null, "\n\n1\n", FinishReason.STOP);
    assertParts(
        answer(TOKENS, lines, BEGUN, 30, "hm", "</think>", "\n", "2"),
        "hm",
        "\n22\n",
        FinishReason.STOP);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void reasoningEndsAtItsLimitAndTheAnswerFollows(int limit) {
    for (ReasoningMark end : List.of(END_TOKEN, END_TEXT)) {
      Reasoning marks = new MarkedReasoning(START_TOKEN, end, limit);
      String[] says = {"<think>", "hm", "hm", "hm", "hm", "hm"};
      Completion completion = answer(marks, JSON, ASK, 30, says);
      assertParts(completion, "hm".repeat(limit), "{\"a\":1}", FinishReason.STOP);
      assertThat(completion.outputTokens()).hasSize(1 + limit + end.tokens().length + 4);
    }
  }

  @Test
  void reasoningLeavesRoomForTheShortestAnswer() {
    for (ReasoningMark end : List.of(END_TOKEN, END_TEXT)) {
      Reasoning marks = new MarkedReasoning(START_TOKEN, end, 0);
      int least = end.tokens().length + 4;
      for (int maxTokens = least; maxTokens < least + 8; maxTokens++) {
        Completion completion = answer(marks, JSON, BEGUN, maxTokens, "hm");
        assertParts(completion, "hm".repeat(maxTokens - least), "{\"a\":1}", FinishReason.LENGTH);
        assertThat(completion.outputTokens()).hasSize(maxTokens);
      }
      // The start mark counts, too: without room for it, the model answers at once. The longest
      // answer has six tokens.
      FinishReason reason = least < 6 ? FinishReason.LENGTH : FinishReason.STOP;
      assertParts(answer(marks, JSON, ASK, least, "<think>"), null, "{\"a\":1}", reason);
      assertParts(
          answer(marks, JSON, ASK, least + 1, "<think>"), "", "{\"a\":1}", FinishReason.LENGTH);
    }
  }

  /** Then all of the room that it leaves is the answer's. */
  @Test
  void theBeginningOfTheEndMarkMayBeThereAlready() {
    MarkedReasoning marks = new MarkedReasoning(START_TOKEN, mark("hm", "hm"), 0);
    Constraint line = answers(List.of(), List.of("1"));
    Completion completion = answer(marks, line, BEGUN, 3, "hm", "ah", "ah");
    assertParts(completion, "", "", FinishReason.LENGTH);
    assertParts(answer(marks, line, BEGUN, 3, "hm", "ah", "1"), "", "1", FinishReason.LENGTH);
  }

  @Test
  void anEndOfTheOutputDoesNotEndTheReasoning() {
    Completion completion =
        answer(TOKENS, JSON, BEGUN, 30, "hm", "<end>", "</think>", "<end>", "<end>", "1", "}");
    assertParts(completion, "hm", "{\"a\":1}", FinishReason.STOP);
    assertThat(completion.outputTokens())
        .isEqualTo(tokens("hm", "<think>", "</think>", "{", "\"a\":", "1", "}"));
  }

  @Test
  void anAnswerMayEndOrGoOn() {
    Constraint digits = answers(List.of("1"), List.of("1", "2"));
    assertParts(
        answer(TOKENS, digits, BEGUN, 30, "</think>", "1", "<end>"), "", "1", FinishReason.STOP);
    assertParts(
        answer(TOKENS, digits, BEGUN, 30, "</think>", "1", "2"), "", "12", FinishReason.STOP);
  }

  @Test
  void marksMayBeTextIfThePromptBeginsTheReasoning() {
    Reasoning text = new MarkedReasoning(mark("<think>", "\n"), END_TEXT, 0);
    String[] prompt = {"ask", "</", "think", ">", "\n"};
    Reasoning begun = new MarkedReasoning(END_TEXT, END_TEXT, 0);
    assertParts(
        answer(begun, JSON, prompt, 30, "hm", "</", "think", ">", "hm", "hm", "1", "}"),
        "hm",
        "{\"a\":1}",
        FinishReason.STOP);
    // What follows the mark in its last token is no part of the answer.
    assertParts(
        answer(begun, JSON, prompt, 30, "hm", "</", "think", ">{", "hm", "hm", "1", "}"),
        "hm",
        "{\"a\":1}",
        FinishReason.STOP);

    Completion refused = answer(text, JSON, ASK, 30, "hm");
    assertThat(refused.error()).isEqualTo(RequestError.REASONING_NOT_BEGUN);
    assertThat(refused.errorMessage()).contains("end the prompt with the mark");
  }

  @Test
  void aMaximumWithoutRoomForTheEndMarkAndAnAnswerIsAnError() {
    Completion tooFew = answer(TOKENS, JSON, BEGUN, 4, "hm");
    assertThat(tooFew.error()).isEqualTo(RequestError.CONSTRAINT_TOO_LONG);
    assertThat(tooFew.errorMessage())
        .isEqualTo(
            "the mark that ends the reasoning and the shortest answer under the constraint have 5"
                + " tokens, and max-tokens is 4; allow more");
  }
}
