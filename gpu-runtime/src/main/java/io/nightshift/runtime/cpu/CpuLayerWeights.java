package io.nightshift.runtime.cpu;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weights of a transformer layer. The layer norms are native addresses of {@code hiddenSize} f32
 * weights.
 */
record CpuLayerWeights(
    long attentionNorm, AttentionWeights attention, long mlpNorm, MlpWeights mlp) {

  /**
   * Weights of attention.
   *
   * @param query projection to all query heads
   * @param keyValue projection to all key heads, followed by all value heads
   * @param queryNorm weights of the norm of each query head (Qwen3), or null
   * @param keyNorm weights of the norm of each key head (Qwen3), or null
   * @param output output projection
   */
  record AttentionWeights(
      PackedLinear query,
      PackedLinear keyValue,
      float @Nullable [] queryNorm,
      float @Nullable [] keyNorm,
      PackedLinear output) {}

  /** Weights of the gated MLP. */
  record MlpWeights(PackedLinear gate, PackedLinear up, PackedLinear down) {}

  /** All linear layers, in the order of the forward pass. */
  List<PackedLinear> linears() {
    return List.of(
        attention.query, attention.keyValue, attention.output, mlp.gate, mlp.up, mlp.down);
  }
}
