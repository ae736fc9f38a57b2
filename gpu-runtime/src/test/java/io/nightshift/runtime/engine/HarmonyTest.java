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

/** Outputs in the channels of harmony, of a model that says what the test wants. */
class HarmonyTest {
  private static final List<String> TEXTS =
      List.of(
          "<|return|>",
          "<|call|>",
          "<|start|>",
          "<|channel|>",
          "<|message|>",
          "<|end|>",
          "<|constrain|>",
          "assistant",
          "user",
          "final",
          "analysis",
          "commentary",
          " to=",
          "f",
          " ",
          "\n",
          "hm",
          "ah",
          "yes",
          "no",
          "{",
          "}",
          "1",
          "2");
  private static final int CONTROL_TOKENS = 7;
  private static final Integer[] ENDS = {0, 1};
  private static final String[] ASK = {
    "<|start|>", "user", "<|message|>", "hm", "<|end|>", "<|start|>", "assistant"
  };

  /** In braces, one digit or two. */
  private static final Constraint DIGITS =
      new TokenSequences(
          TEXTS.size(),
          Set.of(ENDS),
          List.of(tokens("{", "1", "}"), tokens("{", "1", "2", "}"), tokens("{", "2", "1", "}")));

  private static HarmonyReasoning harmony(int maxTokens) {
    return new HarmonyReasoning(2, 3, 4, 5, tokens("assistant"), tokens("final"), maxTokens);
  }

  private static int[] tokens(String... texts) {
    return Arrays.stream(texts).mapToInt(TEXTS::indexOf).toArray();
  }

  private static String[] texts(String spaced) {
    return Arrays.stream(spaced.split(" "))
        .map(text -> text.equals("to=") ? " to=" : text.equals("_") ? " " : text)
        .toArray(String[]::new);
  }

  private static String decode(int[] tokens) {
    StringBuilder text = new StringBuilder();
    IntStream.of(tokens)
        .filter(token -> token >= CONTROL_TOKENS)
        .mapToObj(TEXTS::get)
        .forEach(text::append);
    return text.toString();
  }

  /** The answer, the same with one step in flight and two, with forced tokens and without. */
  private static Completion answer(
      int maxReasoning,
      @Nullable Constraint constraint,
      String[] prompt,
      int maxTokens,
      List<String> stop,
      String says) {
    Request request =
        new Request(
            7,
            tokens(prompt),
            new SamplingParameters(0, 0, 1, 0, 1, 0, maxTokens, stop, false, false, 0),
            Optional.empty(),
            Optional.ofNullable(constraint),
            Optional.of(harmony(maxReasoning)));
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

  private static Completion answer(int maxTokens, String says) {
    return answer(0, null, ASK, maxTokens, List.of(), says);
  }

  private static ModelRunner runner(String says) {
    return new ScriptedRunner(
        new FakeModelRunner(FakeModelRunner.config(TEXTS.size(), 64, ENDS), 100, 4, 200, 5),
        tokens(texts(says)));
  }

  private static Completion run(ModelRunner runner, Request request, boolean forces) {
    EngineConfig options = EngineConfig.cpu().withThreads(1).withForcedTokens(forces);
    try (LlmEngine engine = new LlmEngine(runner, HarmonyTest::decode, options)) {
      engine.add(request);
      List<Completion> completions = new ArrayList<>();
      while (engine.hasUnfinished()) {
        completions.addAll(engine.step());
      }
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
  void theFinalChannelIsTheAnswerAndOthersAreReasoning() {
    Completion completion =
        answer(
            40,
            "<|channel|> analysis <|message|> _ hm _ ah <|end|>"
                + " <|start|> assistant <|channel|> final <|message|> yes _ no <|return|>");
    assertParts(completion, "hm ah", "yes no", FinishReason.STOP);
    assertThat(completion.outputTokens()).hasSize(17);
    assertParts(
        answer(
            40,
            "<|channel|> analysis <|message|> hm <|end|> <|start|> assistant <|channel|> commentary"
                + " <|message|> ah <|end|> <|start|> assistant <|channel|> analysis <|message|> no"
                + " <|end|> <|start|> assistant <|channel|> final <|message|> yes <|return|>"),
        "hm\n\nah\n\nno",
        "yes",
        FinishReason.STOP);
  }

  @Test
  void aModelMayAnswerAtOnce() {
    assertParts(
        answer(40, "<|channel|> final <|message|> yes <|return|>"), null, "yes", FinishReason.STOP);
    assertParts(
        answer(40, "<|channel|> final _ <|constrain|> f <|message|> { } <|return|>"),
        null,
        "{}",
        FinishReason.STOP);
    assertParts(answer(40, "<|message|> yes <|return|>"), null, "yes", FinishReason.STOP);
    assertParts(answer(40, "yes no <|return|>"), null, "yesno", FinishReason.STOP);
  }

  @Test
  void theAnswerEndsWithItsMessage() {
    Completion completion =
        answer(40, "<|channel|> final <|message|> yes <|end|> <|start|> assistant <|channel|>");
    assertParts(completion, null, "yes", FinishReason.STOP);
    assertThat(completion.outputTokens()).hasSize(5);
  }

  @Test
  void aCallOfAToolLeavesNoAnswer() {
    assertParts(
        answer(
            40,
            "<|channel|> analysis <|message|> hm <|end|> <|start|> assistant to= f <|channel|>"
                + " commentary _ <|constrain|> f <|message|> { 1 } <|call|>"),
        "hm\n\n{1}",
        "",
        FinishReason.STOP);
    assertParts(
        answer(40, "<|channel|> commentary to= f _ <|message|> { } <|call|>"),
        "{}",
        "",
        FinishReason.STOP);
  }

  @Test
  void anOutputMayBeCutOffAnywhere() {
    String says =
        "<|channel|> analysis <|message|> hm ah <|end|>"
            + " <|start|> assistant <|channel|> final <|message|> yes no <|return|>";
    String[] reasoning = {null, null, "", "hm", "hmah"};
    String[] answers = {"", "yes", "yesno"};
    for (int length = 1; length < texts(says).length; length++) {
      assertParts(
          answer(length, says),
          reasoning[Math.min(length - 1, 4)],
          answers[Math.max(0, length - 11)],
          FinishReason.LENGTH);
    }
  }

  @Test
  void stopStringsEndTheAnswerAndNotTheReasoning() {
    String says =
        "<|channel|> analysis <|message|> no <|end|>"
            + " <|start|> assistant <|channel|> final <|message|> yes no ah";
    assertParts(answer(0, null, ASK, 40, List.of("no"), says), "no", "yes", FinishReason.STOP);
  }

  @Test
  void thePromptMayHaveBegunAMessage() {
    String[] reasons = texts("<|start|> assistant <|channel|> analysis <|message|> ah");
    assertParts(
        answer(
            0,
            null,
            reasons,
            40,
            List.of(),
            "hm <|end|> <|start|> assistant <|channel|> final <|message|> yes <|return|>"),
        "hm",
        "yes",
        FinishReason.STOP);
    String[] answers = texts("<|start|> assistant <|channel|> final <|message|> ah");
    assertParts(
        answer(0, null, answers, 40, List.of(), "yes no <|return|>"),
        null,
        "yesno",
        FinishReason.STOP);
    String[] complete = texts("<|start|> user <|message|> ah <|end|>");
    assertParts(
        answer(
            0,
            null,
            complete,
            40,
            List.of(),
            "<|start|> assistant <|channel|> final <|message|> yes <|return|>"),
        null,
        "yes",
        FinishReason.STOP);
  }

  @Test
  void otherPromptsMayBeAnsweredWithOrWithoutMessages() {
    String[] plain = {"hm"};
    assertParts(
        answer(0, null, plain, 40, List.of("no"), "yes no ah"), null, "yes", FinishReason.STOP);
    assertParts(
        answer(
            0,
            null,
            plain,
            40,
            List.of(),
            "<|channel|> analysis <|message|> hm <|end|>"
                + " <|start|> assistant <|channel|> final <|message|> yes <|return|>"),
        "hm",
        "yes",
        FinishReason.STOP);
    assertParts(answer(0, DIGITS, plain, 40, List.of(), "{ 1 2"), null, "{12}", FinishReason.STOP);
    assertParts(
        answer(
            0,
            DIGITS,
            plain,
            40,
            List.of(),
            "<|channel|> analysis <|message|> hm <|end|>"
                + " <|start|> assistant <|channel|> final <|message|> { 1 }"),
        "hm",
        "{1}",
        FinishReason.STOP);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void reasoningEndsAtItsLimitAndTheModelContinuesInTheFinalChannel(int limit) {
    String says = "<|channel|> analysis <|message|>" + " hm".repeat(20);
    Completion completion = answer(limit, null, ASK, limit + 12, List.of(), says);
    assertParts(completion, "hm".repeat(limit), "hmhmhm", FinishReason.LENGTH);
    String header = " <|end|> <|start|> assistant <|channel|> final <|message|> hm hm hm";
    assertThat(completion.outputTokens())
        .isEqualTo(
            tokens(texts("<|channel|> analysis <|message|>" + " hm".repeat(limit) + header)));
  }

  @Test
  void theLimitHoldsForAllMessagesTogether() {
    Completion completion =
        answer(
            2,
            null,
            ASK,
            40,
            List.of(),
            "<|channel|> analysis <|message|> hm <|end|> <|start|> assistant <|channel|> commentary"
                + " <|message|> ah ah ah ah ah ah ah yes <|return|>");
    assertParts(completion, "hm\n\nah", "yes", FinishReason.STOP);
  }

  @Test
  void theConstraintHoldsInTheFinalChannelOnly() {
    Completion completion =
        answer(
            0,
            DIGITS,
            ASK,
            40,
            List.of(),
            "<|channel|> analysis <|message|> { no <|end|>"
                + " <|start|> assistant <|channel|> final <|message|> { 1 2");
    assertParts(completion, "{no", "{12}", FinishReason.STOP);
    assertParts(
        answer(0, DIGITS, ASK, 40, List.of(), "<|channel|> final <|message|> { 1 }"),
        null,
        "{1}",
        FinishReason.STOP);
  }

  /** Wherever the model stands when there is hardly any room left, the answer is complete. */
  @Test
  void reasoningLeavesRoomForTheShortestAnswer() {
    int least = harmony(0).longestEnd() + 3;
    assertThat(least).isEqualTo(10);
    String says =
        "<|channel|> analysis <|message|> hm <|end|> <|start|> assistant <|channel|> commentary"
            + " <|message|> ah <|end|> <|start|> assistant to= f <|channel|> commentary <|message|>"
            + " hm hm hm hm hm hm hm hm hm hm hm hm hm hm hm hm hm hm hm hm hm hm hm";
    for (int maxTokens = least; maxTokens < least + 24; maxTokens++) {
      Completion completion = answer(0, DIGITS, ASK, maxTokens, List.of(), says);
      assertThat(completion.text()).as("%s tokens", maxTokens).matches("\\{(1|12|21)\\}");
      assertThat(completion.outputTokens().length).isLessThanOrEqualTo(maxTokens);
      assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
    }
    Completion tooFew = answer(0, DIGITS, ASK, least - 1, List.of(), says);
    assertThat(tooFew.error()).isEqualTo(RequestError.CONSTRAINT_TOO_LONG);
  }

  @Test
  void anEndOfTheOutputDoesNotEndTheReasoningBeforeAConstrainedAnswer() {
    Completion completion =
        answer(
            0,
            DIGITS,
            ASK,
            40,
            List.of(),
            "<|channel|> commentary <|message|> hm <|call|> <|end|>"
                + " <|start|> assistant <|channel|> final <|message|> { 1 }");
    assertThat(completion.text()).isEqualTo("{1}");
    assertThat(completion.outputTokens()).doesNotContain(0, 1);
  }
}
