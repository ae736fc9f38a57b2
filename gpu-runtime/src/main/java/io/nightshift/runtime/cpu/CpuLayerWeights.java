package io.nightshift.runtime.cpu;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weights of a transformer layer. Norm weights are native addresses of {@code hiddenSize} floats.
 *
 * @param query projection to all query heads
 * @param keyValue projection to all key heads, followed by all value heads
 * @param queryNorm weights of the norm of each query head (Qwen3), or null
 * @param keyNorm weights of the norm of each key head (Qwen3), or null
 */
record CpuLayerWeights(
    long attentionNorm,
    PackedLinear query,
    PackedLinear keyValue,
    float @Nullable [] queryNorm,
    float @Nullable [] keyNorm,
    PackedLinear attentionOutput,
    long feedForwardNorm,
    PackedLinear gate,
    PackedLinear up,
    PackedLinear down) {

  /** All linear layers, in the order of the forward pass. */
  List<PackedLinear> linears() {
    return List.of(query, keyValue, attentionOutput, gate, up, down);
  }
}
