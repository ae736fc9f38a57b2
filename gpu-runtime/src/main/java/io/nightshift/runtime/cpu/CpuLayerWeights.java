package io.nightshift.runtime.cpu;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Weights of a transformer layer, without the norms of hidden states ({@link NormWeights}). */
record CpuLayerWeights(AttentionWeights attention, FeedForwardWeights feedForward) {

  /**
   * Weights of attention.
   *
   * @param query projection to all query heads
   * @param keyValue projection to all key heads, followed by all value heads
   * @param queryNorm weights of the norm of queries ({@link HeadNorm}), or null
   * @param keyNorm weights of the norm of keys, or null
   * @param sinks score of each query head that takes part in the softmax, or null
   * @param output output projection
   */
  record AttentionWeights(
      PackedLinear query,
      PackedLinear keyValue,
      float @Nullable [] queryNorm,
      float @Nullable [] keyNorm,
      float @Nullable [] sinks,
      PackedLinear output) {}

  /** Weights of the feed-forward network. */
  sealed interface FeedForwardWeights permits MlpWeights, ExpertsWeights {

    /** The linear layers that all rows pass, in the order of the forward pass. */
    List<PackedLinear> linears();
  }

  /** Weights of a gated MLP. */
  record MlpWeights(PackedLinear gate, PackedLinear up, PackedLinear down)
      implements FeedForwardWeights {
    @Override
    public List<PackedLinear> linears() {
      return List.of(gate, up, down);
    }
  }

  /**
   * Weights of a mixture of experts.
   *
   * @param router projection to the scores of the experts, in f32 whatever the type of the others
   */
  record ExpertsWeights(PackedLinear router, List<MlpWeights> experts)
      implements FeedForwardWeights {
    @Override
    public List<PackedLinear> linears() {
      return List.of(router);
    }
  }

  /** The linear layers that all rows pass, in the order of the forward pass. */
  List<PackedLinear> linears() {
    return Stream.concat(
            Stream.of(attention.query, attention.keyValue, attention.output),
            feedForward.linears().stream())
        .toList();
  }
}
