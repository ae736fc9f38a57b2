package io.nightshift.runtime.model.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.ModelFormatException;
import java.util.Optional;

/** Reads the sliding window of a model's attention from {@code config.json}. */
final class SlidingWindow {
  private static final int DEFAULT_SLIDING_WINDOW = 4096;
  private static final int DEFAULT_FULL_ATTENTION_LAYERS = 28;
  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";

  private final JsonFile config;
  private final ModelFamily family;

  SlidingWindow(JsonFile config, ModelFamily family) {
    this.config = config;
    this.family = family;
  }

  /**
   * The window of all layers; 0 for none.
   *
   * @throws ModelFormatException if only some layers have a window, or a layer has another type of
   *     attention
   */
  int read(int layers) {
    int window =
        switch (family) {
          case QWEN2, QWEN3 -> usesSlidingWindow(layers) ? windowSize() : 0;
          case MISTRAL -> windowSize();
          default -> 0;
        };
    requireLayerTypes(window > 0 ? SLIDING : FULL);
    return window;
  }

  private void requireLayerTypes(String expected) {
    String key = "layer_types";
    for (JsonNode type : config.value(key).orElse(MissingNode.getInstance())) {
      if (!type.asText().equals(expected)) {
        throw config.problem(
            key, "has a layer of " + type + ", expected \"" + expected + "\" in all of them");
      }
    }
  }

  /** Null means no window; an absent key means the default of Hugging Face transformers. */
  private int windowSize() {
    return config
        .integer("sliding_window")
        .orElse(config.contains("sliding_window") ? 0 : DEFAULT_SLIDING_WINDOW);
  }

  /** Whether all layers of a Qwen model have a window. A window in only some is not supported. */
  private boolean usesSlidingWindow(int layers) {
    if (!config.bool("use_sliding_window").orElse(false)) {
      return false;
    }
    String key = "layer_types";
    Optional<JsonNode> layerTypes = config.value(key);
    if (layerTypes.isEmpty()) {
      key = "max_window_layers";
    }
    int slidingLayers =
        layerTypes.isPresent()
            ? countSliding(layerTypes.get())
            : layers - config.integer(key).orElse(DEFAULT_FULL_ATTENTION_LAYERS);
    if (slidingLayers > 0 && slidingLayers < layers) {
      throw config.problem(
          key,
          "%s of %s layers have a sliding window; expected all or none"
              .formatted(slidingLayers, layers));
    }
    return slidingLayers > 0;
  }

  private static int countSliding(JsonNode layerTypes) {
    int sliding = 0;
    for (JsonNode layerType : layerTypes) {
      sliding += layerType.asText().equals(SLIDING) ? 1 : 0;
    }
    return sliding;
  }
}
