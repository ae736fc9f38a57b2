package io.nightshift.operators.infer;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.shard.ModelShard;
import io.nightshift.runtime.model.shard.ShardedEncodings;

/**
 * What an engine, or a rank of one, takes memory for.
 *
 * @param encodings how the tensors of its weights are stored
 */
record EngineModel(ModelConfig config, TensorEncodings encodings) {

  static EngineModel of(ModelDescription description) {
    return new EngineModel(description.config(), description.encodings());
  }

  /**
   * The model of a rank: its shard, or the whole model if the rank is the only one.
   *
   * @param degree number of ranks
   * @throws IllegalArgumentException as {@link EngineRanks#requireDivides}
   */
  EngineModel ofRank(int rank, int degree) {
    EngineRanks.requireDivides(degree, config);
    if (degree == 1) {
      return this;
    }
    ModelShard shard = new ModelShard(config, rank, degree);
    return new EngineModel(shard.config(), new ShardedEncodings(shard, encodings));
  }
}
