/**
 * A tensor-parallel rank's shard of a model (Shoeybi et al., "Megatron-LM", 2019). Start at {@link
 * io.nightshift.runtime.model.shard.ModelShard}, which says what a rank has; {@link
 * io.nightshift.runtime.model.shard.ShardedModelFiles} gives it the weights. Runners see a shard as
 * a model of its own.
 */
@NullMarked
package io.nightshift.runtime.model.shard;

import org.jspecify.annotations.NullMarked;
