package io.nightshift.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.model.EditedGguf;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.ModelResources;
import io.nightshift.runtime.model.TokenizerJson;
import io.nightshift.runtime.model.formats.ModelFormats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BeginningOfTextTest {
  private static final String TEXT = "The night shift: 42 rows, größer als 41.";
  private static final String TEMPLATE =
      """
      {"type": "TemplateProcessing",
       "single": [%s{"Sequence": {"id": "A", "type_id": 0}}%s],
       "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
       "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]},
                          "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}}
      """;
  private static final String BOS = "{\"SpecialToken\": {\"id\": \"<s>\", \"type_id\": 0}}";
  private static final String EOS = "{\"SpecialToken\": {\"id\": \"</s>\", \"type_id\": 0}}";
  private static final String BYTE_LEVEL =
      """
      {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false}""";

  static Stream<String> postProcessors() {
    String bos = TEMPLATE.formatted(BOS + ",", "");
    return Stream.of(
        "null",
        BYTE_LEVEL,
        TEMPLATE.formatted("", ""),
        bos,
        TEMPLATE.formatted(BOS + "," + EOS + ",", ""),
        "{\"type\": \"Sequence\", \"processors\": [%s, %s]}".formatted(BYTE_LEVEL, bos));
  }

  /** The oracle is Hugging Face's library with the whole file, special tokens added. */
  @ParameterizedTest
  @MethodSource("postProcessors")
  void isWhatThePostProcessorAdds(String postProcessor) throws IOException {
    String json = llama2(postProcessor);
    try (Tokenizer tokenizer = Tokenizers.open(new TokenizerJson(json))) {
      assertThat(tokenizer.withBeginning(tokenizer.encodePrompt(RenderedPrompt.trusted(TEXT))))
          .isEqualTo(encodeWithSpecialTokens(json, TEXT));
    }
  }

  @Test
  void whatComesBehindATextIsNotAdded() throws IOException {
    String json = llama2(TEMPLATE.formatted(BOS + ",", "," + EOS));
    int[] expected = encodeWithSpecialTokens(json, TEXT);
    try (Tokenizer tokenizer = Tokenizers.open(new TokenizerJson(json))) {
      assertThat(expected).endsWith(2);
      assertThat(tokenizer.withBeginning(tokenizer.encodePrompt(RenderedPrompt.trusted(TEXT))))
          .isEqualTo(Arrays.copyOf(expected, expected.length - 1));
    }
  }

  @Test
  void isThereOnce() throws IOException {
    String json = llama2(TEMPLATE.formatted(BOS + ",", ""));
    try (Tokenizer tokenizer = Tokenizers.open(new TokenizerJson(json))) {
      int[] written = tokenizer.encodePrompt(RenderedPrompt.trusted("<s>" + TEXT));
      assertThat(written).startsWith(1);
      assertThat(tokenizer.withBeginning(written)).isEqualTo(written);
      // What a row says is text.
      int[] quoted = tokenizer.encodePrompt(new RenderedPrompt("<s>" + TEXT, new int[0]));
      assertThat(tokenizer.withBeginning(quoted)).hasSize(quoted.length + 1).startsWith(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, false, true", "true, true, true", "false, true, false", ", true, true"})
  void addBosTokenOfTheConfigurationDecides(Boolean addBos, boolean template, boolean expected)
      throws IOException {
    String json = llama2(template ? TEMPLATE.formatted(BOS + ",", "") : BYTE_LEVEL);
    TokenizerJson source =
        new TokenizerJson(json, Map.of("bos_token", "<s>"), Optional.ofNullable(addBos));
    try (Tokenizer tokenizer = Tokenizers.open(source)) {
      assertThat(tokenizer.withBeginning(new int[] {50}))
          .isEqualTo(expected ? new int[] {1, 50} : new int[] {50});
    }
  }

  @Test
  void aTokenThatTheTokenizerLacksIsNamed() throws IOException {
    Map<String, String> lacking = Map.of("bos_token", "<bos>");
    assertNotUsable(
        new TokenizerJson(llama2("null"), lacking, Optional.of(true)),
        "add_bos_token is true, but bos_token is \"<bos>\", which tokenizer.json lacks");
    assertNotUsable(
        new TokenizerJson(llama2("null"), Map.of(), Optional.of(true)), "bos_token is missing");
    assertNotUsable(
        new TokenizerJson(llama2(TEMPLATE.formatted(BOS + ",", "").replace("[1]", "[100000]"))),
        "sets token 100000 before every text");
  }

  private static void assertNotUsable(TokenizerJson source, String message) {
    try (Tokenizer tokenizer = Tokenizers.open(source)) {
      assertThat(tokenizer.encode(TEXT)).isNotEmpty();
      assertThatThrownBy(() -> tokenizer.withBeginning(new int[0]))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining(message);
    }
  }

  /** The defaults of llama.cpp for files that do not say. */
  @ParameterizedTest
  @CsvSource({
    "gpt2, gpt-2, false",
    "gpt2, qwen2, false",
    "gpt2, smollm, false",
    "gpt2, llama-bpe, true",
    "gpt2, llama3, true",
    "gpt2, tekken, true",
    "llama, default, true",
    "t5, default, false"
  })
  void ggufFilesThatDoNotSayFollowTheirKindOfTokenizer(
      String kind, String pre, boolean expected, @TempDir Path folder) {
    EditedGguf file =
        gguf(
            gguf ->
                gguf.put("tokenizer.ggml.model", kind)
                    .put("tokenizer.ggml.pre", pre)
                    .remove("tokenizer.ggml.add_bos_token"));
    assertThat(beginning(file.write(folder.resolve("model.gguf"))))
        .isEqualTo(expected ? new int[] {0} : new int[0]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama", "t5"})
  void ggufFilesDecide(String kind, @TempDir Path folder) {
    for (boolean addBos : new boolean[] {true, false}) {
      EditedGguf file =
          gguf(
              gguf ->
                  gguf.put("tokenizer.ggml.model", kind)
                      .put("tokenizer.ggml.add_bos_token", addBos)
                      .put("tokenizer.ggml.add_eos_token", true));
      assertThat(beginning(file.write(folder.resolve(addBos + ".gguf"))))
          .isEqualTo(addBos ? new int[] {0} : new int[0]);
    }
  }

  @Test
  void aGgufFileThatLacksTheTokenIsRefusedWhereItIsNeeded(@TempDir Path folder) {
    EditedGguf file =
        gguf(
            gguf ->
                gguf.remove("tokenizer.ggml.bos_token_id")
                    .put("tokenizer.ggml.add_bos_token", true));
    assertThatThrownBy(() -> beginning(file.write(folder.resolve("model.gguf"))))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll("tokenizer.ggml.bos_token_id is missing", "add_bos_token");
  }

  private static EditedGguf gguf(Consumer<EditedGguf> edit) {
    EditedGguf file = EditedGguf.copyOf(ModelResources.tiny("tiny-llama.gguf"));
    file.put("tokenizer.ggml.scores", new float[331]);
    edit.accept(file);
    return file;
  }

  private static int[] beginning(Path path) {
    try (ModelFiles model = ModelFormats.open(path);
        Tokenizer tokenizer = Tokenizers.open(model.tokenizerSource())) {
      return tokenizer.withBeginning(new int[0]);
    }
  }

  private static String llama2(String postProcessor) throws IOException {
    TokenizerJson source = (TokenizerJson) TestTokenizers.source("llama2/tokenizer.json");
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = (ObjectNode) mapper.readTree(source.json());
    json.set("post_processor", mapper.readTree(postProcessor));
    return json.toString();
  }

  private static int[] encodeWithSpecialTokens(String json, String text) {
    TokenizersLibrary library = NativeLibrary.get();
    long tokenizer = library.createTokenizerFromString(json);
    long encoding = library.encode(tokenizer, text, true);
    long[] ids = library.getTokenIds(encoding);
    library.deleteEncoding(encoding);
    library.deleteTokenizer(tokenizer);
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }
}
