package io.nightshift.operators.infer;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.shard.ModelShard;
import java.util.Optional;

/** What the ranks of an engine compute ({@code engine.tensor-parallel}). */
final class EngineRanks {
  private EngineRanks() {}

  /**
   * The model of a rank: its shard, or the whole model if the rank is the only one.
   *
   * @param degree number of ranks
   * @throws IllegalArgumentException as {@link #requireDivides}
   */
  static ModelConfig model(ModelConfig model, int rank, int degree) {
    requireDivides(degree, model);
    return degree == 1 ? model : new ModelShard(model, rank, degree).config();
  }

  /**
   * Checks that a model can be divided among so many ranks.
   *
   * @throws IllegalArgumentException if not; the message names the option and the numbers that are
   *     possible
   */
  static void requireDivides(int degree, ModelConfig model) {
    Optional<String> refusal = ModelShard.refusal(model, degree);
    if (refusal.isPresent()) {
      throw new IllegalArgumentException(
          "engine.tensor-parallel is %s: %s".formatted(degree, refusal.get()));
    }
  }
}
