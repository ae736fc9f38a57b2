package io.nightshift.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.tokenizer.TestTokenizers.Golden;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IncrementalDecoderTest {

  @ParameterizedTest
  @MethodSource("io.nightshift.runtime.tokenizer.TestTokenizers#all")
  void appendedTextIsFinalAndAddsUpToTheWhole(String name) {
    try (Tokenizer tokenizer = TestTokenizers.open(name)) {
      for (Golden golden : TestTokenizers.goldens(name, "text")) {
        IncrementalDecoder decoder = tokenizer.incrementalDecoder();
        StringBuilder appended = new StringBuilder();
        for (int token : golden.ids()) {
          appended.append(decoder.append(token));
          assertThat(decoder.text()).startsWith(appended);
        }
        assertThat(decoder.text()).isEqualTo(golden.decoded());
        assertThat(appended.toString()).isEqualTo(golden.decoded());
      }
    }
  }

  @Test
  void aCharacterAppearsWithItsLastByte() {
    try (Tokenizer tokenizer = TestTokenizers.open("llama2/tokenizer.json")) {
      IncrementalDecoder decoder = tokenizer.incrementalDecoder();

      assertThat(decoder.append(byteToken(tokenizer, 0xE2))).isEmpty();
      assertThat(decoder.append(byteToken(tokenizer, 0x82))).isEmpty();
      assertThat(decoder.text()).isEqualTo("\uFFFD");
      assertThat(decoder.append(byteToken(tokenizer, 0xAC))).isEqualTo("€");
      assertThat(decoder.text()).isEqualTo("€");
    }
  }

  @Test
  void brokenCharactersBecomeReplacementCharacters() {
    try (Tokenizer tokenizer = TestTokenizers.open("llama2/tokenizer.json")) {
      int letter = tokenizer.tokenId("a").orElseThrow();

      assertThat(decodeBytes(tokenizer, 0xC3, 0xA9, 0xF0, 0x9F)).isEqualTo("é\uFFFD");
      assertThat(decodeBytes(tokenizer, 0xFF, 0x41, 0x80)).isEqualTo("\uFFFDA\uFFFD");
      assertThat(
              tokenizer.decode(
                  new int[] {byteToken(tokenizer, 0xE2), letter, byteToken(tokenizer, 0xC3)}))
          .isEqualTo("\uFFFDa\uFFFD");
    }
  }

  @Test
  void controlTokensAndPaddingHaveNoText() {
    try (Tokenizer tokenizer = TestTokenizers.open("qwen2/tokenizer.json")) {
      int[] hello = tokenizer.encode("Hello");
      int[] tokens = Arrays.copyOf(hello, hello.length + 4);
      tokens[hello.length] = tokenizer.tokenId("<|im_end|>").orElseThrow();
      tokens[hello.length + 1] = tokenizer.tokenId("<think>").orElseThrow();
      tokens[hello.length + 2] = tokenizer.vocabularySize() + 7;
      tokens[hello.length + 3] = -1;

      assertThat(tokenizer.decode(tokens)).isEqualTo("Hello<think>");
    }
  }

  @Test
  void theSpaceThatTheTokenizerSetsInFrontIsNotText() {
    try (Tokenizer tokenizer = TestTokenizers.open("llama2/tokenizer.json")) {
      int word = tokenizer.tokenId("▁a").orElseThrow();

      assertThat(tokenizer.decode(new int[] {word, word})).isEqualTo("a a");
      assertThat(tokenizer.decode(tokenizer.encode("  a"))).isEqualTo("  a");
    }
  }

  private static String decodeBytes(Tokenizer tokenizer, int... values) {
    return tokenizer.decode(
        Arrays.stream(values).map(value -> byteToken(tokenizer, value)).toArray());
  }

  private static int byteToken(Tokenizer tokenizer, int value) {
    return tokenizer.tokenId(String.format(Locale.ROOT, "<0x%02X>", value)).orElseThrow();
  }
}
