package io.nightshift.runtime.model.huggingface.families;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Configurations for the tests of families. */
final class FamilyConfigs {
  static final Path PATH = Path.of("folder", "config.json");

  /** Every key that has no default. */
  private static final String SIZES =
      """
      "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 4, "num_attention_heads": 4,
      "num_key_value_heads": 2, "head_dim": 16, "vocab_size": 1000, "max_position_embeddings": 2048
      """;

  private FamilyConfigs() {}

  /** The configuration of a published model, from the file of that name in {@code configs}. */
  static ModelConfig published(String name) {
    return read(publishedJson(name));
  }

  static String publishedJson(String name) {
    try (InputStream stream =
        requireNonNull(FamilyConfigs.class.getResourceAsStream("/configs/" + name + ".json"))) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A small model of four layers. */
  static String model(String type, String extra) {
    return "{\"model_type\": \"%s\", %s%s}"
        .formatted(type, SIZES, extra.isEmpty() ? "" : ", " + extra);
  }

  static ModelConfig read(String json) {
    return new ConfigJson(parse(json), Optional.empty()).config();
  }

  static JsonFile parse(String json) {
    return JsonFile.parse(PATH, json.getBytes(UTF_8));
  }

  /** The rotary embedding of the first layer. */
  static RopeConfig rope(ModelConfig config) {
    return config.layers().get(0).rope().orElseThrow();
  }

  static List<Integer> windows(ModelConfig config) {
    return config.layers().stream().map(LayerConfig::slidingWindow).toList();
  }

  /** Asserts that a file is refused with a message that names it and has the given text. */
  static void refuses(String json, String problem) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> read(json))
        .withMessageStartingWith(PATH.toString())
        .withMessageContaining(problem);
  }
}
