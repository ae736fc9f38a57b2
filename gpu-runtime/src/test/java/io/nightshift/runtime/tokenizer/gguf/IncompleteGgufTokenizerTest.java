package io.nightshift.runtime.tokenizer.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.nightshift.runtime.model.EditedGguf;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.ModelResources;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of every kind of tokenizer that lack any of the parts which tokenizers are made of. */
class IncompleteGgufTokenizerTest {
  private static final int TOKENS = 331;
  private static final List<String> PARTS =
      List.of("merges", "scores", "token_type", "unknown_token_id");
  private static final Map<String, Set<String>> NEEDED =
      Map.of(
          "gpt2", Set.of("merges", "token_type"),
          "llama", Set.of("scores", "token_type", "unknown_token_id"),
          "t5", Set.of("scores", "token_type", "unknown_token_id"));

  @TempDir private Path folder;

  static Stream<Arguments> combinations() {
    return NEEDED.keySet().stream()
        .flatMap(
            kind ->
                IntStream.range(0, 1 << PARTS.size())
                    .mapToObj(
                        bits ->
                            arguments(
                                kind,
                                PARTS.stream()
                                    .filter(part -> (bits >> PARTS.indexOf(part) & 1) == 1)
                                    .toList())));
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void opensWithWhatItsKindNeedsAndIsRefusedWithout(String kind, List<String> missing) {
    EditedGguf file = complete(kind);
    missing.forEach(part -> file.remove("tokenizer.ggml." + part));
    Path path = file.write(folder.resolve("model.gguf"));
    List<String> lacking = new ArrayList<>(missing);
    lacking.retainAll(needs(kind));
    if (lacking.isEmpty()) {
      try (ModelFiles model = ModelFormats.open(path);
          Tokenizer tokenizer = Tokenizers.open(model.tokenizerSource())) {
        assertThat(tokenizer.encode("the night")).isNotEmpty();
      }
    } else {
      assertThatThrownBy(() -> open(path))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageMatching(
              "tokenizer\\.ggml\\.(" + String.join("|", lacking) + ") is missing.*");
    }
  }

  static Stream<Arguments> arraysOfAnotherLength() {
    return Stream.of("gpt2", "llama", "t5")
        .flatMap(
            kind ->
                Stream.of(0, 1, TOKENS - 1, TOKENS + 1)
                    .flatMap(
                        length ->
                            Stream.of("scores", "token_type")
                                .filter(part -> length > 0 || needs(kind).contains(part))
                                .map(part -> arguments(kind, part, length))));
  }

  @ParameterizedTest
  @MethodSource("arraysOfAnotherLength")
  void thereIsOneElementForEachToken(String kind, String part, int length) {
    int[] types = new int[length];
    Arrays.fill(types, 1);
    Object array = part.equals("scores") ? new float[length] : types;
    Path path =
        complete(kind).put("tokenizer.ggml." + part, array).write(folder.resolve("model.gguf"));
    assertThatThrownBy(() -> open(path))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll("tokenizer.ggml." + part, String.valueOf(TOKENS));
  }

  static Stream<Arguments> ids() {
    return Stream.of("bos", "eos", "eot", "eom", "unknown", "padding")
        .flatMap(name -> Stream.of(arguments(name, TOKENS), arguments(name, -1)));
  }

  @ParameterizedTest
  @MethodSource("ids")
  void everyIdIsThatOfAToken(String name, int id) {
    String key = "tokenizer.ggml." + name + "_token_id";
    Path path = complete("gpt2").put(key, id).write(folder.resolve("model.gguf"));
    assertThatThrownBy(() -> open(path))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(path + ": metadata \"" + key + '"');
  }

  static Stream<Arguments> unsupported() {
    return Stream.of(
        arguments("precompiled_charsmap", new int[] {1, 2}),
        arguments("suppress_tokens", new int[] {5}),
        arguments("remove_extra_whitespaces", true),
        arguments("normalizer.lowercase", true));
  }

  @ParameterizedTest
  @MethodSource("unsupported")
  void whatWouldChangeTheTokensIsRefused(String name, Object value) {
    String key = "tokenizer.ggml." + name;
    Path path = complete("t5").put(key, value).write(folder.resolve("model.gguf"));
    assertThatThrownBy(() -> open(path))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(path + ": metadata \"" + key + '"');
  }

  private static Set<String> needs(String kind) {
    return NEEDED.getOrDefault(kind, Set.of());
  }

  private static void open(Path path) {
    try (ModelFiles model = ModelFormats.open(path)) {
      Tokenizers.open(model.tokenizerSource()).close();
    }
  }

  private static EditedGguf complete(String kind) {
    return EditedGguf.copyOf(ModelResources.tiny("tiny-llama.gguf"))
        .put("tokenizer.ggml.model", kind)
        .put("tokenizer.ggml.scores", new float[TOKENS]);
  }
}
