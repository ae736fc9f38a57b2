package io.nightshift.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.TokenizerJson;
import io.nightshift.runtime.tokenizer.TestTokenizers.Golden;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizersTest {

  @Test
  void batchesEqualSinglePromptsInAnyOrderAndOnAnyNumberOfThreads() {
    List<Golden> goldens =
        new ArrayList<>(
            IntStream.range(0, 4)
                .boxed()
                .flatMap(i -> TestTokenizers.goldens("smollm2/gguf", "prompt").stream())
                .toList());
    Collections.shuffle(goldens, new Random(1));
    for (int threads : new int[] {1, 3}) {
      try (Tokenizer tokenizer = Tokenizers.open(TestTokenizers.source("smollm2/gguf"), threads)) {
        assertThat(
                tokenizer.encodePrompts(
                    goldens.stream().map(golden -> RenderedPrompt.trusted(golden.text())).toList()))
            .containsExactlyElementsOf(goldens.stream().map(Golden::ids).toList());
        assertThat(tokenizer.encodePrompts(List.of())).isEmpty();
      }
    }
  }

  @Test
  void severalThreadsMayUseATokenizer() {
    List<Golden> goldens = TestTokenizers.goldens("qwen2/tokenizer.json", "prompt");
    try (Tokenizer tokenizer = TestTokenizers.open("qwen2/tokenizer.json")) {
      assertThat(
              IntStream.range(0, 600)
                  .parallel()
                  .mapToObj(
                      i ->
                          tokenizer.encodePrompt(
                              RenderedPrompt.trusted(goldens.get(i % goldens.size()).text())))
                  .toList())
          .containsExactlyElementsOf(
              IntStream.range(0, 600)
                  .mapToObj(i -> goldens.get(i % goldens.size()).ids())
                  .toList());
    }
  }

  @Test
  void anUnpairedSurrogateIsAReplacementCharacter() {
    try (Tokenizer tokenizer = TestTokenizers.open("llama3/tokenizer.json")) {
      assertThat(tokenizer.encode("a\uD83D🙂\uDE42"))
          .isEqualTo(tokenizer.encode("a\uFFFD🙂\uFFFD"));
    }
  }

  @Test
  void tokensHaveIdsByContent() {
    try (Tokenizer tokenizer = TestTokenizers.open("smollm2/gguf")) {
      assertThat(tokenizer.tokenId("<|im_end|>")).hasValue(2);
      assertThat(tokenizer.tokenId("Ġthe")).isPresent();
      assertThat(tokenizer.tokenId("no such token")).isEmpty();
      assertThat(tokenizer.vocabularySize()).isEqualTo(49152);
    }
  }

  @Test
  void tokensHaveTextsByThemselves() {
    try (Tokenizer tokenizer = TestTokenizers.open("smollm2/gguf")) {
      assertThat(tokenizer.tokenText(2)).isEqualTo("<|im_end|>");
      assertThat(tokenizer.tokenText(tokenizer.tokenId("Ġthe").orElseThrow())).isEqualTo(" the");
      assertThat(tokenizer.tokenText(tokenizer.encode("🦀")[0])).isEqualTo("\uFFFD");
      assertThat(tokenizer.tokenText(1 << 20)).isEmpty();
    }
    try (Tokenizer tokenizer = TestTokenizers.open("llama2/tokenizer.json")) {
      assertThat(tokenizer.tokenText(tokenizer.encode("the")[0])).isEqualTo(" t");
    }
  }

  @Test
  void cannotBeUsedOnceClosed() {
    Tokenizer tokenizer = TestTokenizers.open("llama3/tokenizer.json");
    tokenizer.close();
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.encode("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void whatIsAddedCutOrFilledUpByTheFileIsNot() {
    String json =
        """
        {"model": {"type": "BPE", "vocab": {"a": 0, "<s>": 1}, "merges": []},
         "decoder": {"type": "Fuse"},
         "added_tokens": [{"id": 1, "content": "<s>", "special": true}],
         "truncation": {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0},
         "padding": {"strategy": {"Fixed": 8}, "direction": "Right", "pad_to_multiple_of": null,
                     "pad_id": 1, "pad_type_id": 0, "pad_token": "<s>"},
         "post_processor": {"type": "TemplateProcessing",
                            "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                                       {"Sequence": {"id": "A", "type_id": 0}}],
                            "pair": [{"Sequence": {"id": "A", "type_id": 0}},
                                     {"Sequence": {"id": "B", "type_id": 1}}],
                            "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}}}
        """;
    try (Tokenizer tokenizer = Tokenizers.open(new TokenizerJson(json))) {
      assertThat(tokenizer.encode("aaaa")).containsExactly(0, 0, 0, 0);
      assertThat(tokenizer.encodePrompt(RenderedPrompt.trusted("<s>aa"))).containsExactly(1, 0, 0);
    }
  }

  @Test
  void addedTokensBehindTheVocabularyKeepTheirIds() {
    String json =
        """
        {"model": {"type": "%s"},
         "decoder": {"type": "Fuse"},
         "added_tokens": [%s]}
        """;
    String added =
        """
        {"id": %d, "content": "%s", "special": %b, "normalized": false, "lstrip": false,
         "rstrip": false, "single_word": false}
        """;
    String addedTokens =
        String.join(
            ",",
            added.formatted(2, "<s>", true),
            added.formatted(3, "<x>", false),
            added.formatted(4, "</s>", true),
            added.formatted(5, "<y>", false));
    String bpe = "BPE\", \"vocab\": {\"a\": 0, \"b\": 1}, \"merges\": [], \"unk_token\": \"b";
    String unigram = "Unigram\", \"unk_id\": 1, \"vocab\": [[\"a\", -1], [\"b\", -2]], \"x\": \"";
    for (String model : List.of(bpe, unigram)) {
      try (Tokenizer tokenizer =
          Tokenizers.open(new TokenizerJson(json.formatted(model, addedTokens)))) {
        assertThat(tokenizer.encodePrompt(RenderedPrompt.trusted("a<y><s><x>a</s>")))
            .containsExactly(0, 5, 2, 3, 0, 4);
        assertThat(tokenizer.vocabularySize()).isEqualTo(6);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{ ~ tokenizer.json is no valid JSON",
        "[] ~ tokenizer.json: expected a JSON object",
        "{} ~ tokenizer.json has a model of type (none); supported are BPE and Unigram",
        "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {}}} ~ model of type WordPiece",
        "{\"model\": {\"vocab\": {\"a\": -1}, \"merges\": []}} ~ model.vocab: expected an id",
        "{\"model\": {\"vocab\": {\"a\": 0}, \"merges\": []}} ~ has no decoder",
        "{\"model\": {\"vocab\": {\"a\": 0}, \"merges\": []}, \"decoder\": {\"type\": \"CTC\"}}"
            + " ~ supported are ByteLevel, Metaspace",
        "{\"model\": {\"vocab\": {\"a\": 0}, \"merges\": []}, \"decoder\": {\"type\": \"Fuse\"},"
            + " \"added_tokens\": [{\"content\": \"x\"}]} ~ added_tokens: expected an id",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"a b\"]}, \"decoder\":"
            + " {\"type\": \"Fuse\"}} ~ tokenizer.json cannot be used",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [1, [], {}]},"
            + " \"decoder\": {\"type\": \"Fuse\"}} ~ tokenizer.json cannot be used",
      })
  void aMalformedFileIsRefused(String json, String message) {
    assertThatThrownBy(() -> Tokenizers.open(new TokenizerJson(json)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }
}
