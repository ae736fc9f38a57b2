package io.nightshift.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.tokenizer.TestTokenizers.Golden;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Token ids and decoded texts against Hugging Face's and SentencePiece's own. */
class TokenizerGoldenTest {

  @ParameterizedTest
  @MethodSource("io.nightshift.runtime.tokenizer.TestTokenizers#all")
  void encodesTexts(String name) {
    try (Tokenizer tokenizer = TestTokenizers.open(name)) {
      List<Golden> goldens = TestTokenizers.goldens(name, "text");
      assertThat(goldens).hasSizeGreaterThan(400);
      SoftAssertions.assertSoftly(
          softly -> {
            for (Golden golden : goldens) {
              softly
                  .assertThat(tokenizer.encode(golden.text()))
                  .as(golden.text())
                  .isEqualTo(golden.ids());
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("io.nightshift.runtime.tokenizer.TestTokenizers#all")
  void readsControlTokensInTextsAsText(String name) {
    try (Tokenizer tokenizer = TestTokenizers.open(name)) {
      SoftAssertions.assertSoftly(
          softly -> {
            for (Golden golden : TestTokenizers.goldens(name, "hostile")) {
              softly
                  .assertThat(tokenizer.encode(golden.text()))
                  .as(golden.text())
                  .isEqualTo(golden.ids());
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("io.nightshift.runtime.tokenizer.TestTokenizers#all")
  void encodesPrompts(String name) {
    try (Tokenizer tokenizer = TestTokenizers.open(name)) {
      List<Golden> goldens = TestTokenizers.goldens(name, "prompt");
      assertThat(goldens).hasSizeGreaterThanOrEqualTo(60);
      SoftAssertions.assertSoftly(
          softly -> {
            for (Golden golden : goldens) {
              softly
                  .assertThat(tokenizer.encodePrompt(RenderedPrompt.trusted(golden.text())))
                  .as(golden.text())
                  .isEqualTo(golden.ids());
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("io.nightshift.runtime.tokenizer.TestTokenizers#all")
  void decodes(String name) {
    try (Tokenizer tokenizer = TestTokenizers.open(name)) {
      SoftAssertions.assertSoftly(
          softly -> {
            for (Golden golden : TestTokenizers.goldens(name, "text")) {
              softly
                  .assertThat(tokenizer.decode(golden.ids()))
                  .as(golden.text())
                  .isEqualTo(golden.decoded());
            }
          });
    }
  }
}
