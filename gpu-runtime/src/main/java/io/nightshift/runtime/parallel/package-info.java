/**
 * Tensor parallelism (Shoeybi et al., "Megatron-LM", 2019) independently of the device: {@link
 * io.nightshift.runtime.parallel.TensorParallelRunner} runs one model with several ranks, each of
 * which is a model runner with a shard of every layer and a thread of its own.
 *
 * <p>The device packages {@code cpu} and {@code cuda} create the ranks ({@link
 * io.nightshift.runtime.parallel.RankFactory}) and connect them ({@link
 * io.nightshift.runtime.parallel.Collective}).
 */
@NullMarked
package io.nightshift.runtime.parallel;

import org.jspecify.annotations.NullMarked;
