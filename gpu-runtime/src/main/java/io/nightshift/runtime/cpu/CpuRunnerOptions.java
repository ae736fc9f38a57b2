package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ModelConfig;

/**
 * How a {@link CpuModelRunner} is made.
 *
 * @param threads worker threads; nothing else of the runner uses a core
 * @param blockSize tokens of a KV cache block
 * @param kvCacheTokens tokens that the KV cache must hold; rounded up to whole blocks
 * @param maxStepTokens most tokens of one step
 * @param memoryLimit bytes of native memory that weights, KV cache and activations may take
 *     together
 * @param weightType precision of the weights
 */
public record CpuRunnerOptions(
    int threads,
    int blockSize,
    long kvCacheTokens,
    int maxStepTokens,
    long memoryLimit,
    WeightType weightType) {

  public CpuRunnerOptions {
    requirePositive("threads", threads);
    requirePositive("blockSize", blockSize);
    requirePositive("kvCacheTokens", kvCacheTokens);
    requirePositive("maxStepTokens", maxStepTokens);
    requirePositive("memoryLimit", memoryLimit);
    if (kvCacheTokens / blockSize > Integer.MAX_VALUE / blockSize - 1) {
      throw new IllegalArgumentException(
          "kvCacheTokens must be less than 2^31, but is " + kvCacheTokens);
    }
  }

  /**
   * All cores, blocks of 16 tokens, a cache of 32,768 tokens, steps of 512 tokens, f32, and no
   * limit on memory.
   */
  public static CpuRunnerOptions defaults() {
    return new CpuRunnerOptions(
        Runtime.getRuntime().availableProcessors(),
        16,
        32_768,
        512,
        Long.MAX_VALUE,
        WeightType.F32);
  }

  public CpuRunnerOptions withThreads(int value) {
    return new CpuRunnerOptions(
        value, blockSize, kvCacheTokens, maxStepTokens, memoryLimit, weightType);
  }

  public CpuRunnerOptions withBlockSize(int value) {
    return new CpuRunnerOptions(
        threads, value, kvCacheTokens, maxStepTokens, memoryLimit, weightType);
  }

  public CpuRunnerOptions withKvCacheTokens(long value) {
    return new CpuRunnerOptions(threads, blockSize, value, maxStepTokens, memoryLimit, weightType);
  }

  /** A KV cache of at most so many bytes: keys and values of the model's layers, in f32. */
  public CpuRunnerOptions withKvCacheMemory(ModelConfig config, long bytes) {
    long token = 2L * config.layers() * config.keyValueHeads() * config.headSize() * Float.BYTES;
    return withKvCacheTokens(bytes / token);
  }

  public CpuRunnerOptions withMaxStepTokens(int value) {
    return new CpuRunnerOptions(threads, blockSize, kvCacheTokens, value, memoryLimit, weightType);
  }

  public CpuRunnerOptions withMemoryLimit(long value) {
    return new CpuRunnerOptions(
        threads, blockSize, kvCacheTokens, maxStepTokens, value, weightType);
  }

  public CpuRunnerOptions withWeightType(WeightType value) {
    return new CpuRunnerOptions(
        threads, blockSize, kvCacheTokens, maxStepTokens, memoryLimit, value);
  }

  /** Blocks of the KV cache. */
  public int blockCount() {
    return Math.toIntExact((kvCacheTokens + blockSize - 1) / blockSize);
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, but is " + value);
    }
  }
}
