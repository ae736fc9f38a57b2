package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.CpuLayerWeights.AttentionWeights;
import io.nightshift.runtime.model.LayerConfig;
import org.jspecify.annotations.Nullable;

/**
 * What attention of a layer does to its heads.
 *
 * @param layer index of the layer
 * @param queryNorm weights of the norm of queries ({@link HeadNorm}), or null
 * @param keyNorm weights of the norm of keys, or null
 * @param rotation rotary embedding of queries and keys
 * @param window positions that a query attends to, or {@link Integer#MAX_VALUE} for all
 * @param sinks score of each query head that takes part in the softmax and has no value, or null
 */
record LayerHeads(
    int layer,
    float @Nullable [] queryNorm,
    float @Nullable [] keyNorm,
    HeadRotation rotation,
    int window,
    float @Nullable [] sinks) {

  static LayerHeads of(
      int layer, LayerConfig config, AttentionWeights weights, HeadRotation rotation) {
    int window = config.slidingWindow();
    return new LayerHeads(
        layer,
        weights.queryNorm(),
        weights.keyNorm(),
        rotation,
        window > 0 ? window : Integer.MAX_VALUE,
        weights.sinks());
  }
}
