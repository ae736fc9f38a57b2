package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.weights.DeviceLayerWeights;
import io.nightshift.runtime.cuda.weights.DeviceLinear;

/** The GEMMs of a layer's attention, with their inputs and outputs in the arena. */
final class AttentionGemms {
  private final StepArena arena;

  /** Queries, keys and values. */
  final LayerGemm queryKeyValue;

  /** Keys and values alone, of all rows in a last layer that keeps the logits rows. */
  final LayerGemm keyValue;

  /** Queries alone, of the logits rows. */
  final LayerGemm query;

  /** The output projection. */
  final ResidualAddition output;

  /**
   * @param multiplier factor of the output before it is added to the residual stream
   */
  AttentionGemms(DeviceLayerWeights weights, StepArena arena, float multiplier) {
    this.arena = arena;
    DeviceLayerWeights.AttentionWeights attention = weights.attention();
    DeviceLinear all = attention.queryKeyValue();
    int queries = attention.output().inputs();
    queryKeyValue = projection(all);
    keyValue = projection(all.outputs(queries, all.outputs() - queries));
    query = projection(all.outputs(0, queries));
    output =
        new ResidualAddition(
            arena.attentionDelta,
            attention.output(),
            arena.attended,
            multiplier,
            attention.outputBias(),
            weights.attentionNorms().output());
  }

  private LayerGemm projection(DeviceLinear linear) {
    return LayerGemm.overwriting(linear, arena.normed.values(), arena.projection);
  }
}
