package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.ByteCount;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.cuda.kernels.PackedGemmKernels;
import io.nightshift.runtime.cuda.peer.PeerGroup;
import io.nightshift.runtime.cuda.weights.WeightLayout;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.CacheSizing;
import io.nightshift.runtime.runner.DeviceException;
import java.util.List;
import java.util.Optional;

/**
 * Device memory that a runner will take, in bytes.
 *
 * @param weights the weights, packed where they stay so
 * @param unpacked the matrix that packed weights are unpacked to, a layer's at a time
 * @param activations activations of the largest step, and its inputs
 * @param staging buffers for copies of blocks to host memory and back; 0 without host memory
 * @param libraries cuBLASLt's workspace, and what the driver allocates for code on first use
 * @param groups the blocks of the KV cache
 */
record CudaMemoryPlan(
    long weights,
    long unpacked,
    long activations,
    long staging,
    long libraries,
    long kvCache,
    List<BlockGroup> groups) {
  /** Code and its local memory: measured, with a margin. */
  private static final long DRIVER_BYTES = 768L << 20;

  /** Of a GPU that multiplies weights in tiles: those of a whole Hopper die. */
  private static final int MOST_MULTIPROCESSORS = 144;

  /**
   * Plans for a device.
   *
   * @param device name of the device, for messages
   * @param free bytes of free memory
   * @param tiles whether the device multiplies weights in tiles
   * @throws DeviceException if the plan does not fit, with all figures in its message
   */
  static CudaMemoryPlan of(
      String device,
      long free,
      ModelConfig config,
      TensorEncodings encodings,
      boolean tiles,
      EngineConfig options) {
    CudaMemoryPlan plan = of(free, config, encodings, tiles, options);
    plan.requireFits(device, free, options);
    return plan;
  }

  /**
   * Plans for a device, whether or not that fits.
   *
   * @param tiles whether the device multiplies weights in tiles
   */
  static CudaMemoryPlan of(
      long free,
      ModelConfig config,
      TensorEncodings encodings,
      boolean tiles,
      EngineConfig options) {
    WeightLayout layout = new WeightLayout(config, GemmType.of(options.dtype()), encodings, tiles);
    long weights = layout.bytes();
    long unpacked = layout.unpackedBytes();
    long activations =
        StepArena.bytes(config, options)
            + StepSlot.COUNT * StepSlot.deviceBytes(config, options)
            + DeviceMasks.bytes(config, options)
            + RotaryEmbeddings.bytes(config)
            + (config.isShard() ? PeerGroup.deviceBytes() : 0);
    long staging = HostBlockCopies.deviceBytes(config, options);
    long libraries =
        GemmLibrary.deviceBytes()
            + DRIVER_BYTES
            + (layout.hasTiles() ? PackedGemmKernels.deviceBytes(MOST_MULTIPROCESSORS) : 0);
    long left = free - weights - unpacked - activations - staging - libraries;
    CacheSizing sizing = CacheSizing.of(config, options);
    List<BlockGroup> groups =
        requestedGroups(config, options)
            .orElseGet(() -> sizing.ofBytes(left, DeviceKeyValueCache.bytes(config, options, 1)));
    return new CudaMemoryPlan(
        weights,
        unpacked,
        activations,
        staging,
        libraries,
        DeviceKeyValueCache.bytes(config, options, sizing.layerBlocks(groups)),
        groups);
  }

  /** The blocks that the options ask for; empty for as many as the free memory holds. */
  static Optional<List<BlockGroup>> requestedGroups(ModelConfig config, EngineConfig options) {
    CacheSizing sizing = CacheSizing.of(config, options);
    if (options.kvCacheTokens() > 0) {
      return Optional.of(sizing.ofTokens(options.kvCacheTokens()));
    }
    if (options.kvCacheMemory() > 0) {
      long layerBytes = DeviceKeyValueCache.bytes(config, options, 1);
      return Optional.of(sizing.ofBytes(options.kvCacheMemory(), layerBytes));
    }
    return Optional.empty();
  }

  /** Tokens of the KV cache. */
  long kvCacheTokens(int blockSize) {
    return (long) groups.get(0).blockCount() * blockSize;
  }

  private long total() {
    return weights + unpacked + activations + staging + libraries + kvCache;
  }

  /** What is in the memory, for the log. */
  String text(int blockSize) {
    return "%s of weights%s, %s of KV cache for %s tokens, %s of activations%s, %s for libraries"
        .formatted(
            ByteCount.text(weights),
            unpacked == 0
                ? ""
                : " as they are packed and %s to unpack a layer's"
                    .formatted(ByteCount.text(unpacked)),
            ByteCount.text(kvCache),
            kvCacheTokens(blockSize),
            ByteCount.text(activations),
            stagingText(),
            ByteCount.text(libraries));
  }

  private String stagingText() {
    return staging == 0
        ? ""
        : ", %s to copy blocks to host memory".formatted(ByteCount.text(staging));
  }

  boolean fits(long free) {
    return total() <= free;
  }

  private void requireFits(String device, long free, EngineConfig options) {
    if (!fits(free)) {
      throw new DeviceException(
          ("%s: the model needs %s, which is %s more than the %s that are free: %s of weights, %s of"
                  + " KV cache for %s tokens, %s of activations for steps of %s tokens%s, %s for"
                  + " libraries. Use a smaller model or dtype fp8, divide the model among more GPUs"
                  + " (engine.tensor-parallel), make the KV cache or the step smaller, or end what"
                  + " else uses the GPU")
              .formatted(
                  device,
                  ByteCount.text(total()),
                  ByteCount.text(total() - free),
                  ByteCount.text(free),
                  ByteCount.text(weights + unpacked),
                  ByteCount.text(kvCache),
                  kvCacheTokens(options.blockSize()),
                  ByteCount.text(activations),
                  options.maxStepTokens(),
                  stagingText(),
                  ByteCount.text(libraries)));
    }
  }
}
