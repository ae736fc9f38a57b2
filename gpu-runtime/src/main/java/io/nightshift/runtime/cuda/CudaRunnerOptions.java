package io.nightshift.runtime.cuda;

import io.nightshift.runtime.model.ModelConfig;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * How a {@link CudaModelRunner} is made.
 *
 * @param device number of the GPU as the driver counts those that CUDA_VISIBLE_DEVICES shows
 * @param blockSize tokens of a KV cache block, a power of two from 4 on
 * @param kvCacheTokens tokens that the KV cache must hold, rounded up to whole blocks; empty for as
 *     many as the free memory holds
 * @param fp8KvCache whether keys and values are e4m3 with a scale for each token and head, rather
 *     than bf16
 * @param maxStepTokens most tokens of one step
 * @param logits rows of logits that are computed at a time
 * @param cacheFolder for compiled kernels and the fastest algorithms
 */
public record CudaRunnerOptions(
    int device,
    CudaWeightType weightType,
    int blockSize,
    OptionalLong kvCacheTokens,
    boolean fp8KvCache,
    int maxStepTokens,
    int logitsRows,
    Path cacheFolder) {
  /** The attention kernels look a tile's blocks up at once, a thread of a warp each. */
  private static final int MIN_BLOCK_SIZE = 4;

  public CudaRunnerOptions {
    if (device < 0) {
      throw new IllegalArgumentException("device must not be negative, but is " + device);
    }
    requirePositive("blockSize", blockSize);
    if (Integer.bitCount(blockSize) != 1 || blockSize < MIN_BLOCK_SIZE) {
      throw new IllegalArgumentException(
          "blockSize must be a power of two from %s on, but is %s"
              .formatted(MIN_BLOCK_SIZE, blockSize));
    }
    kvCacheTokens.ifPresent(tokens -> requirePositive("kvCacheTokens", tokens));
    requirePositive("maxStepTokens", maxStepTokens);
    requirePositive("logitsRows", logitsRows);
  }

  /**
   * GPU 0, bf16, blocks of 16 tokens, all free memory for the KV cache, steps of 8,192 tokens, and
   * the folder {@code nightshift} in the user's cache folder.
   */
  public static CudaRunnerOptions defaults() {
    return new CudaRunnerOptions(
        0, CudaWeightType.BF16, 16, OptionalLong.empty(), false, 8192, 512, defaultCacheFolder());
  }

  private static Path defaultCacheFolder() {
    String named = System.getenv("NIGHTSHIFT_CACHE");
    return named == null
        ? Path.of(System.getProperty("user.home"), ".cache", "nightshift", "cuda")
        : Path.of(named, "cuda");
  }

  public CudaRunnerOptions withDevice(int value) {
    return new CudaRunnerOptions(
        value,
        weightType,
        blockSize,
        kvCacheTokens,
        fp8KvCache,
        maxStepTokens,
        logitsRows,
        cacheFolder);
  }

  public CudaRunnerOptions withWeightType(CudaWeightType value) {
    return new CudaRunnerOptions(
        device,
        value,
        blockSize,
        kvCacheTokens,
        fp8KvCache,
        maxStepTokens,
        logitsRows,
        cacheFolder);
  }

  public CudaRunnerOptions withBlockSize(int value) {
    return new CudaRunnerOptions(
        device,
        weightType,
        value,
        kvCacheTokens,
        fp8KvCache,
        maxStepTokens,
        logitsRows,
        cacheFolder);
  }

  public CudaRunnerOptions withKvCacheTokens(long value) {
    return new CudaRunnerOptions(
        device,
        weightType,
        blockSize,
        OptionalLong.of(value),
        fp8KvCache,
        maxStepTokens,
        logitsRows,
        cacheFolder);
  }

  /** A KV cache of at most so many bytes, of the element type that is set so far. */
  public CudaRunnerOptions withKvCacheMemory(ModelConfig config, long bytes) {
    long block = DeviceKeyValueCache.bytes(config, this, 1);
    return withKvCacheTokens(Math.max(1, bytes / block) * blockSize);
  }

  public CudaRunnerOptions withFp8KvCache(boolean value) {
    return new CudaRunnerOptions(
        device,
        weightType,
        blockSize,
        kvCacheTokens,
        value,
        maxStepTokens,
        logitsRows,
        cacheFolder);
  }

  public CudaRunnerOptions withMaxStepTokens(int value) {
    return new CudaRunnerOptions(
        device, weightType, blockSize, kvCacheTokens, fp8KvCache, value, logitsRows, cacheFolder);
  }

  public CudaRunnerOptions withLogitsRows(int value) {
    return new CudaRunnerOptions(
        device,
        weightType,
        blockSize,
        kvCacheTokens,
        fp8KvCache,
        maxStepTokens,
        value,
        cacheFolder);
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, but is " + value);
    }
  }
}
