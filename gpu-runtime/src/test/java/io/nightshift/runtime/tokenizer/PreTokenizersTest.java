package io.nightshift.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.tokenizer.gguf.GgufTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The words that each pre-tokenizer of GGUF files makes, against Python's {@code regex} module: see
 * {@code src/test/python/pre_tokenizer_goldens.py}.
 */
class PreTokenizersTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  static Stream<JsonNode> goldens() throws IOException {
    try (InputStream file =
        PreTokenizersTest.class.getResourceAsStream("/tokenizer/pre-tokenizers.json")) {
      JsonNode goldens = MAPPER.readTree(Objects.requireNonNull(file));
      assertThat(goldens).hasSizeGreaterThan(50);
      return StreamSupport.stream(goldens.spliterator(), false).toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goldens")
  void cutsTextIntoWords(JsonNode golden) {
    String json = wordTokenizer(golden.path("pre").asText());
    TokenizersLibrary library = NativeLibrary.get();
    long tokenizer = library.createTokenizerFromString(json);
    SoftAssertions.assertSoftly(
        softly -> {
          for (JsonNode text : golden.path("texts")) {
            List<String> words = new ArrayList<>();
            text.forEach(word -> words.add(word.asText()));
            softly.assertThat(words(library, tokenizer, String.join("", words))).isEqualTo(words);
          }
        });
    library.deleteTokenizer(tokenizer);
  }

  private static List<String> words(TokenizersLibrary library, long tokenizer, String text) {
    long encoding = library.encode(tokenizer, text, false);
    List<String> words = new ArrayList<>();
    for (CharSpan span : library.getTokenCharSpans(encoding)) {
      words.add(
          text.substring(
              text.offsetByCodePoints(0, span.getStart()),
              text.offsetByCodePoints(0, span.getEnd())));
    }
    library.deleteEncoding(encoding);
    return words;
  }

  /** A tokenizer for which every word is one token. */
  private static String wordTokenizer(String pre) {
    GgufVocabulary vocabulary =
        new GgufVocabulary(
            "gpt2",
            pre,
            List.of("a"),
            new float[0],
            new int[] {1},
            List.of(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            false);
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("version", "1.0");
    json.set("pre_tokenizer", GgufTokenizer.toTokenizerJson(vocabulary).path("pre_tokenizer"));
    json.putArray("added_tokens");
    json.putObject("model")
        .put("type", "WordLevel")
        .put("unk_token", "?")
        .putObject("vocab")
        .put("?", 0);
    return json.toString();
  }
}
