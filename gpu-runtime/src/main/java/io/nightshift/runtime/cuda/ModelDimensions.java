package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.kernels.KeyValueCacheLayout;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import java.util.List;

/** Columns of a model's activations, in elements. */
record ModelDimensions(ModelConfig config) {

  int hidden() {
    return config.hiddenSize();
  }

  /** The widest gated MLP of a layer; 0 if no layer has one. */
  int intermediate() {
    return config.layers().stream()
        .map(LayerConfig::feedForward)
        .filter(GatedMlpConfig.class::isInstance)
        .mapToInt(FeedForwardConfig::intermediateSize)
        .max()
        .orElse(0);
  }

  /** The different mixtures of experts of the layers, in their order. */
  List<ExpertsConfig> experts() {
    return config.layers().stream()
        .map(LayerConfig::feedForward)
        .filter(ExpertsConfig.class::isInstance)
        .map(ExpertsConfig.class::cast)
        .distinct()
        .toList();
  }

  /** Queries of a token: all heads, unpadded. */
  int queries() {
    return config.attention().heads() * config.attention().headSize();
  }

  /** Keys and values of a token: all heads, unpadded. */
  int keysAndValues() {
    return 2 * config.attention().keyValueHeads() * config.attention().headSize();
  }

  /** The fused projection of queries, keys and values. */
  int queriesKeysAndValues() {
    return queries() + keysAndValues();
  }

  /** Queries of a token: all heads, padded as attention reads them. */
  int paddedQueries() {
    return config.attention().heads()
        * KeyValueCacheLayout.headStride(config.attention().headSize());
  }
}
