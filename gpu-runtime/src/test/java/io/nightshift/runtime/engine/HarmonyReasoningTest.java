package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.tokenizer.RealVocabularies;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Channels with the tokens of gpt-oss, which take seconds to open. */
class HarmonyReasoningTest {

  @SuppressWarnings("NullAway.Init")
  private static Tokenizer gptOss;

  @BeforeAll
  static void open() {
    gptOss = RealVocabularies.open("gpt-oss");
  }

  @AfterAll
  static void close() {
    gptOss.close();
  }

  @Test
  void isFoundByItsControlTokens() {
    requireFound(gptOss);
    try (Tokenizer gguf = RealVocabularies.open("gpt-oss.gguf")) {
      requireFound(gguf);
    }
  }

  private static void requireFound(Tokenizer tokenizer) {
    HarmonyReasoning harmony = HarmonyReasoning.find(tokenizer, 9).orElseThrow();
    assertThat(harmony.maxTokens()).isEqualTo(9);
    assertThat(harmony.longestEnd()).isEqualTo(7);
    assertThat(harmony.messageHeader())
        .isEqualTo(
            tokenizer.encodePrompt(
                RenderedPrompt.trusted("<|start|>assistant<|channel|>final<|message|>")));
  }

  @Test
  void otherModelsHaveNone() {
    try (Tokenizer tokenizer = RealVocabularies.open("qwen3")) {
      assertThat(HarmonyReasoning.find(tokenizer, 0)).isEmpty();
    }
  }

  /** Whatever the messages say, even if it looks like a header. */
  @Test
  void dividesOutputsWithOddTexts() {
    Optional<Reasoning> harmony = HarmonyReasoning.find(gptOss, 0).map(Reasoning.class::cast);
    int[] prompt = gptOss.encodePrompt(RenderedPrompt.trusted("<|end|><|start|>assistant"));
    for (String text : RealVocabularies.texts()) {
      int[] tokens = gptOss.encode(text);
      String decoded = gptOss.decode(tokens);
      ReasoningParser parser =
          ReasoningParser.of(gptOss::decode, harmony, prompt, List.of(), false);
      append(parser, "<|channel|>analysis<|message|>");
      for (int token : tokens) {
        parser.append(token);
      }
      append(parser, "<|end|><|start|>assistant<|channel|>final<|message|>");
      for (int token : tokens) {
        assertThat(parser.append(token)).isFalse();
      }
      assertThat(parser.finishReasoning()).isEqualTo(decoded.strip());
      assertThat(parser.finishAnswer()).isEqualTo(decoded);
    }
  }

  private static void append(ReasoningParser parser, String header) {
    for (int token : gptOss.encodePrompt(RenderedPrompt.trusted(header))) {
      parser.append(token);
    }
  }
}
