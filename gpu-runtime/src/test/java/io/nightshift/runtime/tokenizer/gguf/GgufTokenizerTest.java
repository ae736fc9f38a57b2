package io.nightshift.runtime.tokenizer.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufTokenizerTest {

  private static GgufVocabulary vocabulary(
      String model,
      String pre,
      List<String> tokens,
      float[] scores,
      int[] types,
      String... merges) {
    return new GgufVocabulary(
        model,
        pre,
        tokens,
        scores,
        types,
        List.of(merges),
        OptionalInt.empty(),
        OptionalInt.of(tokens.size() - 1),
        OptionalInt.empty(),
        model.equals("llama") || tokens.contains("<unk>") ? OptionalInt.of(0) : OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        false);
  }

  private static void assertRefused(GgufVocabulary vocabulary, String... message) {
    assertThatThrownBy(() -> GgufTokenizer.toTokenizerJson(vocabulary))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll(message);
  }

  @Test
  void theTypeOfATokenSaysWhetherItIsText() {
    JsonNode json =
        GgufTokenizer.toTokenizerJson(
            vocabulary(
                "gpt2",
                "gpt-2",
                List.of("a", "<u>", "<c>", "<d>", "x", "<end>"),
                new float[0],
                new int[] {1, 2, 3, 4, 5, 1}));

    assertThat(json.path("added_tokens"))
        .extracting(token -> token.path("content").asText() + " " + token.path("special"))
        .containsExactly("<u> true", "<c> true", "<d> false", "<end> true");
  }

  /** Converters fill up ids that have a row in the embedding matrix, but no token. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama", "t5"})
  void tokensThatFillUpIdsHaveNoText(String model) {
    GgufVocabulary vocabulary =
        vocabulary(
            model,
            "gpt-2",
            List.of("<unk>", "a", "b", "[PAD3]", "c", "[PAD5]", "<end>"),
            new float[] {0, -1, -2, -3, -4, -5, 0},
            new int[] {2, 1, 1, 5, 1, 5, 3});

    try (Tokenizer tokenizer = Tokenizers.open(vocabulary)) {
      assertThat(tokenizer.decode(new int[] {1, 3, 4, 5, 2})).isEqualTo("acb");
      assertThat(tokenizer.tokenText(3)).isEmpty();
      assertThat(tokenizer.tokenId("[PAD3]")).isEmpty();
      assertThat(tokenizer.encode("[PAD3]")).doesNotContain(3, 5);
      assertThat(tokenizer.vocabularySize()).isEqualTo(7);
    }
  }

  @Test
  void mergesComeFromScoresAndNeverFromNames() {
    JsonNode json =
        GgufTokenizer.toTokenizerJson(
            vocabulary(
                "llama",
                "",
                List.of("<", ">", "a", "b", "ab", "<a", "<a>", "aab", "aa", "</"),
                new float[] {-9, -9, -9, -9, -2, -3, 0, -1, -4, 0},
                new int[] {1, 1, 1, 1, 1, 1, 3, 1, 1, 1}));

    assertThat(
            StreamSupport.stream(json.path("model").path("merges").spliterator(), false)
                .map(merge -> merge.path(0).asText() + " " + merge.path(1).asText()))
        .containsExactly("aa b", "a ab", "a b", "< a", "a a");
  }

  @Test
  void anUnknownPreTokenizerIsNamedWithTheKnownOnes() {
    float[] none = {};
    assertRefused(
        vocabulary("gpt2", "no-such", List.of("a"), none, new int[] {1}),
        "tokenizer.ggml.pre is no-such",
        "llama-bpe",
        "qwen2",
        "smollm");
  }

  @Test
  void contradictionsAreNamed() {
    float[] none = {};
    assertRefused(
        vocabulary("rwkv", "", List.of("a"), none, new int[] {1}),
        "tokenizer.ggml.model is rwkv",
        "gpt2",
        "llama",
        "t5");
    assertRefused(
        vocabulary("llama", "", List.of("a", "b"), new float[] {1}, new int[] {1, 1}),
        "tokenizer.ggml.scores has 1 entries for 2 tokens");
    assertRefused(
        vocabulary("llama", "", List.of("a", "b"), new float[] {1, Float.NaN}, new int[] {1, 1}),
        "tokenizer.ggml.scores[1] is NaN");
    assertRefused(
        vocabulary("t5", "", List.of("a"), new float[] {1}, new int[] {1}), "unknown_token_id");
    assertRefused(
        vocabulary("gpt2", "", List.of("a", "b"), none, new int[] {1}),
        "tokenizer.ggml.token_type has 1 entries",
        "2 tokens");
    assertRefused(
        vocabulary("gpt2", "", List.of("a", "b"), none, new int[] {1, 9}),
        "tokenizer.ggml.token_type[1] is 9");
    assertRefused(
        vocabulary("gpt2", "", List.of("a", "b", "a"), none, new int[] {1, 1, 1}),
        "tokenizer.ggml.tokens has \"a\" twice, as 0 and 2");
    assertRefused(
        vocabulary("gpt2", "", List.of("a"), none, new int[] {1}, "ab"),
        "tokenizer.ggml.merges[0] is \"ab\"");
    assertRefused(
        vocabulary("gpt2", "", List.of("a", "b", "c"), none, new int[] {1, 1, 1}, "a b"),
        "tokenizer.ggml.merges[0] is \"a b\"; the vocabulary has no \"ab\"");
    assertRefused(
        vocabulary("gpt2", "", List.of("a", "b", "ab", "c"), none, new int[] {1, 1, 5, 1}, "a b"),
        "tokenizer.ggml.merges[0] is \"a b\"; tokenizer.ggml.token_type says that \"ab\" is unused");
  }
}
