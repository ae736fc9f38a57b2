package io.nightshift.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A thousand odd texts with the vocabularies of real models, against Hugging Face's tokenizers. */
class RealVocabularyTest {
  private static final int TEXTS = 1000;

  /** A user's turn of each model: what the template writes, and "{}" for the text. */
  private static final Map<String, String> TURNS =
      Map.of(
          "gemma3", "<bos><start_of_turn>user\n{}<end_of_turn>\n<start_of_turn>model\n",
          "mixtral", "<s> [INST] {} [/INST]",
          "qwen3", "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n",
          "gpt-oss", "<|start|>user<|message|>{}<|end|><|start|>assistant",
          "llama3", "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n{}<|eot_id|>",
          "cl100k", "user\n{}<|endoftext|>");

  @ParameterizedTest
  @MethodSource("io.nightshift.runtime.tokenizer.RealVocabularies#all")
  void encodesAndDecodesTexts(String name) {
    List<String> texts = RealVocabularies.texts();
    List<String> hashes = RealVocabularies.hashes(name, "text");
    List<String> decoded = RealVocabularies.hashes(name, "decoded");
    assertThat(texts).hasSize(TEXTS);
    JsonNode ids = RealVocabularies.ids(name);
    List<String> wrong = new ArrayList<>();
    List<String> wronglyDecoded = new ArrayList<>();
    try (Tokenizer tokenizer = RealVocabularies.open(name)) {
      for (int i = 0; i < TEXTS; i++) {
        int[] tokens = tokenizer.encode(texts.get(i));
        if (!RealVocabularies.hash(tokens).equals(hashes.get(i))) {
          wrong.add(i + ": " + texts.get(i));
        }
        if (!RealVocabularies.hash(tokenizer.decode(tokens)).equals(decoded.get(i))) {
          wronglyDecoded.add(i + ": " + texts.get(i));
        }
      }
      SoftAssertions.assertSoftly(
          softly -> {
            ids.properties()
                .forEach(
                    entry ->
                        softly
                            .assertThat(
                                tokenizer.encode(texts.get(Integer.parseInt(entry.getKey()))))
                            .isEqualTo(ints(entry.getValue())));
            softly.assertThat(wrong).isEmpty();
            softly.assertThat(wronglyDecoded).isEmpty();
          });
    }
  }

  @ParameterizedTest
  @MethodSource("io.nightshift.runtime.tokenizer.RealVocabularies#all")
  void encodesTurnsWithTextsThatOnlyLookLikeControlTokens(String name) {
    List<String> texts = RealVocabularies.texts();
    List<String> hashes = RealVocabularies.hashes(name, "chat");
    String turn = TURNS.getOrDefault(name.replace(".gguf", ""), "");
    int place = turn.indexOf("{}");
    List<String> wrong = new ArrayList<>();
    try (Tokenizer tokenizer = RealVocabularies.open(name)) {
      for (int i = 0; i < TEXTS; i++) {
        String text = texts.get(i);
        String prompt = turn.replace("{}", text);
        RenderedPrompt rendered =
            new RenderedPrompt(
                prompt, new int[] {0, place, place + text.length(), prompt.length()});
        if (!RealVocabularies.hash(tokenizer.encodePrompt(rendered)).equals(hashes.get(i))) {
          wrong.add(i + ": " + text);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /**
   * Constraints go by these bytes. Converters mark more tokens as control tokens, and fill up ids
   * that have no token.
   */
  @ParameterizedTest
  @ValueSource(strings = {"gemma3", "mixtral", "qwen3", "gpt-oss", "llama3", "cl100k"})
  void tokensHaveTheSameBytesInBothForms(String name) {
    try (Tokenizer json = RealVocabularies.open(name);
        Tokenizer gguf = RealVocabularies.open(name + ".gguf")) {
      assertThat(gguf.vocabularySize()).isEqualTo(json.vocabularySize());
      assertThat(gguf.leadingSpaces()).isEqualTo(json.leadingSpaces());
      for (int token = 0; token < json.vocabularySize(); token++) {
        byte[] bytes = gguf.tokenBytes(token);
        if (json.tokenText(token).isEmpty()) {
          continue;
        }
        if (bytes.length > 0 || !gguf.tokenText(token).matches("[<\\[].*[>\\]]")) {
          assertThat(bytes).as(json.tokenText(token)).isEqualTo(json.tokenBytes(token));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemma3", "gemma3.gguf", "mixtral", "mixtral.gguf"})
  void piecesOfSentencePieceAreSpacesAndBytes(String name) {
    try (Tokenizer tokenizer = RealVocabularies.open(name)) {
      assertThat(bytes(tokenizer, "▁the")).isEqualTo(" the".getBytes(StandardCharsets.UTF_8));
      assertThat(bytes(tokenizer, "▁▁")).isEqualTo(new byte[] {' ', ' '});
      assertThat(bytes(tokenizer, "<0xE2>")).isEqualTo(new byte[] {(byte) 0xE2});
      assertThat(tokenizer.leadingSpaces()).isEqualTo(name.startsWith("mixtral") ? 1 : 0);
    }
  }

  private static byte[] bytes(Tokenizer tokenizer, String token) {
    return tokenizer.tokenBytes(tokenizer.tokenId(token).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({"gemma3, <bos>", "mixtral, <s>", "qwen3,", "gpt-oss,"})
  void textsBeginAsTheModelSays(String name, @Nullable String beginning) {
    for (String form : List.of(name, name + ".gguf")) {
      try (Tokenizer tokenizer = RealVocabularies.open(form)) {
        int[] expected =
            beginning == null ? new int[0] : new int[] {tokenizer.tokenId(beginning).orElseThrow()};
        assertThat(tokenizer.withBeginning(new int[0])).isEqualTo(expected);
      }
    }
  }

  /** Most files name the end of a text or of a turn only. */
  @ParameterizedTest
  @CsvSource({
    "gemma3, <end_of_turn>",
    "mixtral, </s>",
    "qwen3, <|im_end|>",
    "gpt-oss, <|return|> <|call|>",
    "llama3, <|end_of_text|> <|eot_id|>",
    "cl100k, <|endoftext|>",
  })
  void ggufFilesEndGenerationsWhereTurnsEnd(String name, String ends) {
    try (Tokenizer tokenizer = RealVocabularies.open(name + ".gguf")) {
      assertThat(
              RealVocabularies.endOfSequenceTokens(name).stream()
                  .map(tokenizer::tokenText)
                  .toList())
          .containsExactlyInAnyOrder(ends.split(" "));
    }
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }
}
