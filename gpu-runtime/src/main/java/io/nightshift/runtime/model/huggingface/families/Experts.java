package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;

/** The number of experts, which is the same in all layers that have some. */
final class Experts {
  private Experts() {}

  static int count(ModelConfig config) {
    return config.layers().stream()
        .map(LayerConfig::feedForward)
        .mapToInt(mlp -> mlp instanceof ExpertsConfig experts ? experts.experts() : 0)
        .max()
        .orElse(0);
  }
}
