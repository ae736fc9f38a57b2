package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.TensorEncodings;

/**
 * What a GPU of some size holds of a model, computed without the GPU.
 *
 * @param weights bytes of the weights
 * @param kvCache bytes of the KV cache; 0 if the model does not fit
 * @param kvCacheTokens tokens of the KV cache
 */
public record GpuCapacity(long weights, long kvCache, long kvCacheTokens) {
  /** What the driver keeps of a GPU for the context of a process: an estimate. */
  private static final long CONTEXT_BYTES = 640L << 20;

  /**
   * Computes it. Quantized weights are in tiles, as on a Hopper GPU: on others they take up to a
   * sixth less.
   *
   * @param memory bytes of the GPU
   * @param config of the model that is on the GPU, which may be one rank's shard
   * @param encodings how the tensors of that model are stored
   * @param options of the engine, or of the rank
   */
  public static GpuCapacity of(
      long memory, ModelConfig config, TensorEncodings encodings, EngineConfig options) {
    long free = memory - CONTEXT_BYTES;
    CudaMemoryPlan plan = CudaMemoryPlan.of(free, config, encodings, true, options);
    return plan.fits(free)
        ? new GpuCapacity(plan.weights(), plan.kvCache(), plan.kvCacheTokens(options.blockSize()))
        : new GpuCapacity(plan.weights(), 0, 0);
  }
}
