package io.nightshift.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.RealModel;
import io.nightshift.runtime.model.TokenizerJson;
import io.nightshift.runtime.model.TokenizerSource;
import io.nightshift.runtime.model.formats.ModelFormats;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The tokenizers and goldens that {@code src/test/python/tokenizer_goldens.py} has written. */
final class TestTokenizers {

  /** One line of goldens. */
  @SuppressWarnings("ArrayRecordComponent")
  record Golden(String kind, String text, int[] ids, String decoded) {}

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TestTokenizers() {}

  /** Every tokenizer in every form that it has. */
  static Stream<String> all() {
    return Stream.of(
        "llama3/tokenizer.json",
        "llama3/vocabulary.json",
        "qwen2/tokenizer.json",
        "qwen2/vocabulary.json",
        "llama2/tokenizer.json",
        "llama2/vocabulary.json",
        "mistral/tokenizer.json",
        "phi3/tokenizer.json",
        "gemma/tokenizer.json",
        "gemma/vocabulary.json",
        "unigram/tokenizer.json",
        "unigram/vocabulary.json",
        "unigram-bytes/tokenizer.json",
        "unigram-bytes/vocabulary.json",
        "smollm2/gguf");
  }

  static Tokenizer open(String name) {
    return Tokenizers.open(source(name));
  }

  static TokenizerSource source(String name) {
    if (name.endsWith("gguf")) {
      try (ModelFiles files = ModelFormats.open(RealModel.smolLm2())) {
        return files.tokenizerSource();
      }
    }
    String text = read(name);
    return name.endsWith("tokenizer.json") ? new TokenizerJson(text) : vocabulary(text);
  }

  static List<Golden> goldens(String name, String kind) {
    return read(name.substring(0, name.indexOf('/')) + "/goldens.jsonl")
        .lines()
        .map(TestTokenizers::parse)
        .filter(line -> line.has(kind))
        .map(line -> golden(line, kind))
        .toList();
  }

  private static Golden golden(JsonNode line, String kind) {
    String text = line.path(kind).asText();
    return new Golden(kind, text, ints(line.path("ids")), line.path("decoded").asText(text));
  }

  private static GgufVocabulary vocabulary(String text) {
    JsonNode json = parse(text);
    float[] scores = new float[json.path("scores").size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = json.path("scores").get(i).floatValue();
    }
    return new GgufVocabulary(
        json.path("model").asText(),
        json.path("pre").asText(),
        strings(json.path("tokens")),
        scores,
        ints(json.path("tokenTypes")),
        strings(json.path("merges")),
        id(json.path("bos")),
        id(json.path("eos")),
        OptionalInt.empty(),
        id(json.path("unknown")),
        id(json.path("padding")),
        Optional.of(json.path("addBos").asBoolean()),
        json.path("addSpacePrefix").asBoolean());
  }

  private static OptionalInt id(JsonNode json) {
    return json.isInt() ? OptionalInt.of(json.asInt()) : OptionalInt.empty();
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  private static List<String> strings(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(String name) {
    try (InputStream file = TestTokenizers.class.getResourceAsStream("/tokenizer/" + name)) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
