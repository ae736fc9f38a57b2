package io.nightshift.runtime.model.shard;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import java.util.Optional;

/**
 * A rank's part of a model under tensor parallelism (Shoeybi et al., "Megatron-LM", 2019). Each
 * rank computes some attention heads, some columns of each feed-forward network, and some columns
 * of the logits. What the ranks add to the residual stream is summed over all of them; norms,
 * routers of mixtures of experts and the embedding are the same on each.
 *
 * <p>If there are more ranks than key and value heads, several ranks have the same one. Columns of
 * the logits are divided into parts of equal width, the last of which may go beyond the vocabulary.
 *
 * @param model the whole model
 * @param rank from 0 to {@code degree - 1}
 * @param degree number of ranks
 */
public record ModelShard(ModelConfig model, int rank, int degree) {

  /**
   * @throws IllegalArgumentException if the model cannot be divided among so many ranks ({@link
   *     #refusal}), or there is no such rank
   */
  public ModelShard {
    if (rank < 0 || rank >= degree) {
      throw new IllegalArgumentException("rank " + rank + " of " + degree);
    }
    Optional<String> refusal = refusal(model, degree);
    if (refusal.isPresent()) {
      throw new IllegalArgumentException(refusal.get());
    }
  }

  /**
   * Why a model cannot be divided among so many ranks, and among how many it can; empty if it can
   * be divided.
   *
   * @param degree at least 1
   */
  public static Optional<String> refusal(ModelConfig model, int degree) {
    return ShardingRules.refusal(model, degree);
  }

  /** The configuration of the shard, which is a model of its own for the rank's runner. */
  public ModelConfig config() {
    return new ModelConfig(
        model.family(),
        model.hiddenSize(),
        model.vocabularySize(),
        model.maxPositions(),
        attention(),
        model.layers().stream().map(this::layer).toList(),
        model.normPlacement(),
        model.normEpsilon(),
        model.multipliers(),
        false,
        model.endOfSequenceTokens(),
        vocabulary().count());
  }

  private AttentionConfig attention() {
    AttentionConfig whole = model.attention();
    return new AttentionConfig(
        heads().count(),
        keyValueHeads().count(),
        whole.headSize(),
        whole.scale(),
        whole.softCap(),
        whole.queryKeyValueBias(),
        whole.outputBias(),
        whole.queryKeyNorm(),
        whole.sinks());
  }

  private LayerConfig layer(LayerConfig whole) {
    return new LayerConfig(whole.slidingWindow(), whole.rope(), feedForward(whole.feedForward()));
  }

  private FeedForwardConfig feedForward(FeedForwardConfig whole) {
    int intermediate = whole.intermediateSize() / degree;
    return whole instanceof ExpertsConfig experts
        ? new ExpertsConfig(
            experts.experts(),
            experts.expertsPerToken(),
            intermediate,
            experts.activation(),
            experts.normalized(),
            experts.bias())
        : new GatedMlpConfig(intermediate, whole.activation());
  }

  /** The query heads of the rank. */
  Slice heads() {
    return Slice.of(model.attention().heads(), rank, degree);
  }

  /** The key and value heads that the rank's query heads share. */
  Slice keyValueHeads() {
    int all = model.attention().keyValueHeads();
    return all % degree == 0 ? Slice.of(all, rank, degree) : new Slice(rank / (degree / all), 1);
  }

  /** Columns of a layer's feed-forward network, or of each of its experts. */
  Slice intermediate(int layer) {
    return Slice.of(model.layers().get(layer).feedForward().intermediateSize(), rank, degree);
  }

  /** Columns of the logits. Those at the end may not exist in the vocabulary. */
  Slice vocabulary() {
    int count = (model.vocabularySize() + degree - 1) / degree;
    return new Slice(rank * count, count);
  }
}
