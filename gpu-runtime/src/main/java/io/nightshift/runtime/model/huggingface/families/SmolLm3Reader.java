package io.nightshift.runtime.model.huggingface.families;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.Map;
import java.util.Optional;

/** SmolLM3: some layers, every fourth by default, have no rotary embedding. */
final class SmolLm3Reader implements FamilyReader {
  private static final String LAYERS = "no_rope_layers";
  private static final String INTERVAL = "no_rope_layer_interval";

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.honoring(
            "intermediate_size",
            "hidden_act",
            "attention_bias",
            LAYERS,
            INTERVAL,
            "use_sliding_window",
            "sliding_window",
            "layer_types")
        .ignoring("max_window_layers");
  }

  @Override
  public Map<String, Object> defaults() {
    return Map.of(
        "num_key_value_heads",
        4,
        "rope_theta",
        2_000_000.0,
        INTERVAL,
        4,
        "tie_word_embeddings",
        true);
  }

  @Override
  public ModelConfig read(ConfigValues values) {
    boolean[] rotates = rotates(values.json(), values.layerCount());
    int[] windows = windows(values, rotates);
    boolean bias = values.flag("attention_bias");
    AttentionConfig attention = values.attention().withBiases(bias, bias);
    RopeConfig rope = values.rope(attention.headSize());
    FeedForwardConfig mlp = values.gatedMlp();
    return values.model(
        ModelFamily.SMOLLM3,
        attention,
        values.layers(
            layer ->
                new LayerConfig(
                    windows[layer], rotates[layer] ? Optional.of(rope) : Optional.empty(), mlp)));
  }

  /** In spite of its name, {@code no_rope_layers} has 1 for layers with a rotary embedding. */
  private static boolean[] rotates(JsonFile config, int layers) {
    boolean[] rotates = new boolean[layers];
    JsonNode list = config.value(LAYERS).orElse(null);
    if (list != null && (!list.isArray() || list.size() < layers)) {
      throw config.problem(
          LAYERS,
          "has %s entries, expected one for each of %s layers".formatted(list.size(), layers));
    }
    int interval = config.requiredInteger(INTERVAL);
    if (interval <= 0) {
      throw config.problem(INTERVAL, interval + ", expected a positive number");
    }
    for (int layer = 0; layer < layers; layer++) {
      rotates[layer] =
          list == null ? (layer + 1) % interval != 0 : config.toInt(LAYERS, list.get(layer)) != 0;
    }
    return rotates;
  }

  private static int[] windows(ConfigValues values, boolean[] rotates) {
    LayerTypes types = new LayerTypes(values.json(), rotates.length);
    if (!values.flag("use_sliding_window")) {
      types.require(false);
      return new int[rotates.length];
    }
    boolean window = values.json().value("sliding_window").isPresent();
    return types.windows(layer -> window && !rotates[layer]);
  }
}
