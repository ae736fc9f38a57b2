package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.tokenizer.RealVocabularies;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels with the tokens of gpt-oss. */
class HarmonyReasoningTest {

  @ParameterizedTest
  @ValueSource(strings = {"gpt-oss", "gpt-oss.gguf"})
  void isFoundByItsControlTokens(String name) {
    try (Tokenizer tokenizer = RealVocabularies.open(name)) {
      HarmonyReasoning harmony = HarmonyReasoning.find(tokenizer, 9).orElseThrow();
      assertThat(harmony.maxTokens()).isEqualTo(9);
      assertThat(harmony.longestEnd()).isEqualTo(7);
      assertThat(harmony.messageHeader())
          .isEqualTo(
              tokenizer.encodePrompt(
                  RenderedPrompt.trusted("<|start|>assistant<|channel|>final<|message|>")));
    }
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
    try (Tokenizer tokenizer = RealVocabularies.open("gpt-oss")) {
      Optional<Reasoning> harmony = HarmonyReasoning.find(tokenizer, 0).map(Reasoning.class::cast);
      int[] prompt = tokenizer.encodePrompt(RenderedPrompt.trusted("<|end|><|start|>assistant"));
      for (String text : RealVocabularies.texts()) {
        String decoded = tokenizer.decode(tokenizer.encode(text));
        ReasoningParser parser =
            ReasoningParser.of(tokenizer::decode, harmony, prompt, List.of(), false);
        append(parser, tokenizer, "<|channel|>analysis<|message|>");
        for (int token : tokenizer.encode(text)) {
          parser.append(token);
        }
        append(parser, tokenizer, "<|end|><|start|>assistant<|channel|>final<|message|>");
        for (int token : tokenizer.encode(text)) {
          assertThat(parser.append(token)).isFalse();
        }
        assertThat(parser.finishReasoning()).isEqualTo(decoded.strip());
        assertThat(parser.finishAnswer()).isEqualTo(decoded);
      }
    }
  }

  private static void append(ReasoningParser parser, Tokenizer tokenizer, String header) {
    for (int token : tokenizer.encodePrompt(RenderedPrompt.trusted(header))) {
      parser.append(token);
    }
  }
}
