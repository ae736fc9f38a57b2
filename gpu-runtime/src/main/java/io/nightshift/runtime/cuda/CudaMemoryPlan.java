package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.ByteCount;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.DeviceException;
import java.util.OptionalLong;

/**
 * Device memory that a runner will take, in bytes.
 *
 * @param activations activations of the largest step, and its inputs
 * @param libraries cuBLASLt's workspace, and what the driver allocates for code on first use
 * @param blocks number of blocks of the KV cache
 */
record CudaMemoryPlan(long weights, long activations, long libraries, long kvCache, int blocks) {
  /** Code and its local memory: measured, with a margin. */
  private static final long DRIVER_BYTES = 768L << 20;

  /** Minimum number of blocks. */
  private static final int MIN_BLOCKS = 1;

  /**
   * Plans for a device.
   *
   * @param device name of the device, for messages
   * @param free bytes of free memory
   * @throws DeviceException if the plan does not fit, with all figures in its message
   */
  static CudaMemoryPlan of(String device, long free, ModelConfig config, EngineConfig options) {
    long weights = DeviceWeights.bytes(config, GemmType.of(options.dtype()));
    long activations =
        StepArena.bytes(config, options)
            + StepSlot.COUNT * StepSlot.deviceBytes(config, options)
            + DeviceMasks.bytes(config, options)
            + RotaryEmbeddings.bytes(config);
    long libraries = GemmLibrary.deviceBytes() + DRIVER_BYTES;
    long left = free - weights - activations - libraries;
    long block = DeviceKeyValueCache.bytes(config, options, 1);
    long blocks = requestedBlocks(config, options).orElse(Math.max(MIN_BLOCKS, left / block));
    long maxBlocks = Integer.MAX_VALUE / options.blockSize();
    CudaMemoryPlan plan =
        new CudaMemoryPlan(
            weights,
            activations,
            libraries,
            DeviceKeyValueCache.bytes(config, options, Math.min(blocks, maxBlocks)),
            Math.toIntExact(Math.min(blocks, maxBlocks)));
    plan.requireFits(device, free, options);
    return plan;
  }

  /** Number of blocks that the options ask for; empty for as many as the free memory holds. */
  static OptionalLong requestedBlocks(ModelConfig config, EngineConfig options) {
    if (options.kvCacheTokens() > 0) {
      int blockSize = options.blockSize();
      return OptionalLong.of((options.kvCacheTokens() + blockSize - 1) / blockSize);
    }
    if (options.kvCacheMemory() > 0) {
      long block = DeviceKeyValueCache.bytes(config, options, 1);
      return OptionalLong.of(Math.max(MIN_BLOCKS, options.kvCacheMemory() / block));
    }
    return OptionalLong.empty();
  }

  private long total() {
    return weights + activations + libraries + kvCache;
  }

  private void requireFits(String device, long free, EngineConfig options) {
    if (total() > free) {
      throw new DeviceException(
          ("%s: the model needs %s, which is %s more than the %s that are free: %s of weights, %s of"
                  + " KV cache for %s tokens, %s of activations for steps of %s tokens, %s for"
                  + " libraries. Use a smaller model or dtype fp8, make the KV cache or the step"
                  + " smaller, or end what else uses the GPU")
              .formatted(
                  device,
                  ByteCount.text(total()),
                  ByteCount.text(total() - free),
                  ByteCount.text(free),
                  ByteCount.text(weights),
                  ByteCount.text(kvCache),
                  (long) blocks * options.blockSize(),
                  ByteCount.text(activations),
                  options.maxStepTokens(),
                  ByteCount.text(libraries)));
    }
  }
}
