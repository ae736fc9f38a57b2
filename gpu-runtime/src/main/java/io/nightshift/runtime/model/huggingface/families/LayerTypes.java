package io.nightshift.runtime.model.huggingface.families;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.function.IntPredicate;

/**
 * Which layers attend to a sliding window only: {@code layer_types} in {@code config.json}, or the
 * family's rule if it is absent; and how many positions the window has.
 */
final class LayerTypes {
  /** A layer whose attention has a window. */
  static final String SLIDING = "sliding_attention";

  /** A layer whose attention has none. */
  static final String FULL = "full_attention";

  private static final String KEY = "layer_types";
  private static final String WINDOW = "sliding_window";

  private final JsonFile config;
  private final int layers;

  LayerTypes(JsonFile config, int layers) {
    this.config = config;
    this.layers = layers;
  }

  /**
   * The window of each layer; 0 for none.
   *
   * @param slides whether a layer has a window if the file has no {@code layer_types}
   * @throws ModelFormatException if a layer has another type of attention, or a window but the file
   *     says no size of it
   */
  int[] windows(IntPredicate slides) {
    boolean[] sliding = config.value(KEY).isPresent() ? listed() : new boolean[layers];
    int[] windows = new int[layers];
    for (int layer = 0; layer < layers; layer++) {
      boolean slidesHere = config.value(KEY).isPresent() ? sliding[layer] : slides.test(layer);
      windows[layer] = slidesHere ? requiredWindow() : 0;
    }
    return windows;
  }

  /** The window of all layers; 0 for none. */
  int uniformWindow() {
    int window = config.integer(WINDOW).orElse(0);
    if (window < 0) {
      throw config.problem(WINDOW, window + ", expected a positive number, or 0 for none");
    }
    require(window > 0);
    return window;
  }

  /**
   * Refuses layers that are listed as something else.
   *
   * @param sliding whether layers have a window in this family
   */
  void require(boolean sliding) {
    if (config.value(KEY).isEmpty()) {
      return;
    }
    for (boolean listed : listed()) {
      if (listed != sliding) {
        throw config.problem(
            KEY,
            "has a layer of \"%s\", expected \"%s\" in all of them"
                .formatted(name(listed), name(sliding)));
      }
    }
  }

  private static String name(boolean sliding) {
    return sliding ? SLIDING : FULL;
  }

  private int requiredWindow() {
    int window = config.integer(WINDOW).orElse(0);
    if (window <= 0) {
      throw config.problem(WINDOW, "expected a positive number: there are layers with a window");
    }
    return window;
  }

  private boolean[] listed() {
    JsonNode types = config.value(KEY).orElseThrow();
    boolean[] sliding = new boolean[layers];
    if (!types.isArray() || types.size() != layers) {
      throw config.problem(
          KEY, "has %s entries, expected %s, one for each layer".formatted(types.size(), layers));
    }
    for (int layer = 0; layer < layers; layer++) {
      sliding[layer] = slides(types.get(layer));
    }
    return sliding;
  }

  /** {@code attention} is what Granite 4 calls full attention. */
  private boolean slides(JsonNode type) {
    return switch (type.asText()) {
      case FULL, "attention" -> false;
      case SLIDING -> true;
      default ->
          throw config.problem(
              KEY,
              "has a layer of %s, expected full_attention or sliding_attention".formatted(type));
    };
  }
}
