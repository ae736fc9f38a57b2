package io.nightshift.runtime.cuda;

import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import java.util.List;

/**
 * The distinct sliding windows of a model's layers. A step has a plan of attention for each.
 *
 * @param sizes positions of each window; 0 for all
 */
record AttentionWindows(ModelConfig config, List<Integer> sizes) {

  static AttentionWindows of(ModelConfig config) {
    return new AttentionWindows(
        config, config.layers().stream().map(layer -> size(config, layer)).distinct().toList());
  }

  /** Index of a layer's window in {@link #sizes}. */
  int indexOf(int layer) {
    return sizes.indexOf(size(config, config.layers().get(layer)));
  }

  /** Index of the last layer's window. */
  int last() {
    return indexOf(config.layerCount() - 1);
  }

  /** A window of all positions that the model has is none. */
  private static int size(ModelConfig config, LayerConfig layer) {
    return layer.slidingWindow() >= config.maxPositions() ? 0 : layer.slidingWindow();
  }
}
