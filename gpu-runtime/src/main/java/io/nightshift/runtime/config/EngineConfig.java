package io.nightshift.runtime.config;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * Configuration of an inference engine and of the model runner below it. Start from {@link #cpu()}
 * or {@link #cuda()}.
 *
 * @param device device that runs the model
 * @param dtype precision of the weights and of the GEMM inputs
 * @param tensorParallel number of ranks that share the model, each with a shard of every layer
 * @param gpus index of the GPU of each rank, among those that {@code CUDA_VISIBLE_DEVICES} shows;
 *     CUDA only
 * @param blockSize tokens per KV cache block; on CUDA a power of two, at least 4
 * @param kvCacheMemory bytes of the KV cache; 0 if it is sized in tokens, or, on CUDA, by the free
 *     memory
 * @param kvCacheTokens tokens that the KV cache must hold, rounded up to whole blocks; 0 if it is
 *     sized in bytes, or, on CUDA, by the free memory. Layers with a sliding window hold fewer, if
 *     that is enough for {@code maxRunningSequences} windows
 * @param hostKvCacheMemory bytes of host memory of the engine, for blocks of the KV cache that do
 *     not fit the device; 0 for none
 * @param fp8KvCache whether keys and values are e4m3 with a scale for each token and head, instead
 *     of bf16; CUDA only
 * @param maxStepTokens maximum number of tokens per step
 * @param maxStepLogits maximum number of logits rows per step. On the CPU a row takes 4 bytes for
 *     each token of the vocabulary
 * @param maxRunningSequences maximum number of sequences that have KV cache blocks at the same time
 * @param logitsRows number of logits rows that are computed at a time; CUDA only
 * @param threads number of threads of the CPU runner, and of threads that sample from logits
 * @param memoryLimit maximum bytes of native memory for weights, KV cache and activations together;
 *     CPU only
 * @param forcedTokens whether text that a constraint leaves without alternative is appended, in the
 *     tokenizer's own tokens, without sampling; otherwise the model chooses among all tokens that
 *     spell it
 */
public record EngineConfig(
    Device device,
    DataType dtype,
    int tensorParallel,
    List<Integer> gpus,
    int blockSize,
    long kvCacheMemory,
    long kvCacheTokens,
    long hostKvCacheMemory,
    boolean fp8KvCache,
    int maxStepTokens,
    int maxStepLogits,
    int maxRunningSequences,
    int logitsRows,
    int threads,
    long memoryLimit,
    boolean forcedTokens)
    implements Serializable {

  /** The attention kernels look up the blocks of a tile at once, one per thread of a warp. */
  private static final int MIN_CUDA_BLOCK_SIZE = 4;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a value is out of range, or not supported by the device
   */
  public EngineConfig {
    requireSupported(device, dtype, fp8KvCache);
    gpus = List.copyOf(gpus);
    requirePositive("tensorParallel", tensorParallel);
    gpus.forEach(gpu -> requireNotNegative("gpu", gpu));
    requireGpuOfEachRank(device, tensorParallel, gpus);
    requireBlockSize(device, blockSize);
    requireNotNegative("kvCacheMemory", kvCacheMemory);
    requireNotNegative("kvCacheTokens", kvCacheTokens);
    requireNotNegative("hostKvCacheMemory", hostKvCacheMemory);
    requireCacheSize(device, blockSize, kvCacheMemory, kvCacheTokens);
    requirePositive("maxStepTokens", maxStepTokens);
    requirePositive("maxStepLogits", maxStepLogits);
    requirePositive("maxRunningSequences", maxRunningSequences);
    requirePositive("logitsRows", logitsRows);
    requirePositive("threads", threads);
    requirePositive("memoryLimit", memoryLimit);
  }

  /**
   * The defaults on the CPU: 1 GiB of KV cache, no memory limit, and one thread for each processor
   * of this machine.
   */
  public static EngineConfig cpu() {
    return new EngineConfig(
        Device.CPU,
        DataType.BF16,
        1,
        List.of(),
        16,
        1L << 30,
        0,
        0,
        false,
        1024,
        512,
        256,
        512,
        Runtime.getRuntime().availableProcessors(),
        Long.MAX_VALUE,
        true);
  }

  /**
   * The defaults on CUDA: GPU 0, a KV cache of all free memory, and one sampling thread for each
   * processor of this machine.
   */
  public static EngineConfig cuda() {
    return new EngineConfig(
        Device.CUDA,
        DataType.BF16,
        1,
        List.of(0),
        16,
        0,
        0,
        0,
        false,
        16384,
        2048,
        2048,
        512,
        Runtime.getRuntime().availableProcessors(),
        Long.MAX_VALUE,
        true);
  }

  /** The defaults of the device. */
  public static EngineConfig of(Device device) {
    return device == Device.CUDA ? cuda() : cpu();
  }

  public EngineConfig withDtype(DataType value) {
    return with(fields -> fields.dtype = value);
  }

  /** One rank, on this GPU. */
  public EngineConfig withGpu(int value) {
    return withGpus(List.of(value));
  }

  /** A rank on each of these GPUs. */
  public EngineConfig withGpus(List<Integer> values) {
    return with(
        fields -> {
          fields.gpus = values;
          fields.tensorParallel = values.size();
        });
  }

  /** So many ranks; CPU only, since on CUDA there is one for each of {@link #withGpus}. */
  public EngineConfig withTensorParallel(int value) {
    return with(fields -> fields.tensorParallel = value);
  }

  /**
   * The configuration of one rank, which computes alone: its GPU, and its share of the threads and
   * of the host memory.
   */
  public EngineConfig ofRank(int rank) {
    int share = Math.max(1, threads / tensorParallel);
    return with(
        fields -> {
          fields.tensorParallel = 1;
          fields.gpus = device == Device.CUDA ? List.of(gpus.get(rank)) : gpus;
          fields.threads = share;
          fields.hostKvCacheMemory = hostKvCacheMemory / tensorParallel;
        });
  }

  /**
   * The GPU of a configuration for one rank.
   *
   * @throws IllegalStateException if there is not exactly one
   */
  public int gpu() {
    if (gpus.size() != 1) {
      throw new IllegalStateException("one GPU is expected, but there are " + gpus);
    }
    return gpus.get(0);
  }

  public EngineConfig withBlockSize(int value) {
    return with(fields -> fields.blockSize = value);
  }

  /** Sizes the KV cache in bytes, and not in tokens. */
  public EngineConfig withKvCacheMemory(long bytes) {
    requirePositive("kvCacheMemory", bytes);
    return with(
        fields -> {
          fields.kvCacheMemory = bytes;
          fields.kvCacheTokens = 0;
        });
  }

  /** Sizes the KV cache in tokens, and not in bytes. */
  public EngineConfig withKvCacheTokens(long tokens) {
    requirePositive("kvCacheTokens", tokens);
    return with(
        fields -> {
          fields.kvCacheMemory = 0;
          fields.kvCacheTokens = tokens;
        });
  }

  public EngineConfig withHostKvCacheMemory(long bytes) {
    return with(fields -> fields.hostKvCacheMemory = bytes);
  }

  public EngineConfig withFp8KvCache(boolean value) {
    return with(fields -> fields.fp8KvCache = value);
  }

  public EngineConfig withMaxStepTokens(int value) {
    return with(fields -> fields.maxStepTokens = value);
  }

  public EngineConfig withMaxStepLogits(int value) {
    return with(fields -> fields.maxStepLogits = value);
  }

  public EngineConfig withMaxRunningSequences(int value) {
    return with(fields -> fields.maxRunningSequences = value);
  }

  public EngineConfig withLogitsRows(int value) {
    return with(fields -> fields.logitsRows = value);
  }

  public EngineConfig withThreads(int value) {
    return with(fields -> fields.threads = value);
  }

  public EngineConfig withMemoryLimit(long bytes) {
    return with(fields -> fields.memoryLimit = bytes);
  }

  public EngineConfig withForcedTokens(boolean value) {
    return with(fields -> fields.forcedTokens = value);
  }

  private EngineConfig with(Consumer<EngineConfigFields> change) {
    EngineConfigFields fields = new EngineConfigFields(this);
    change.accept(fields);
    return fields.toConfig();
  }

  /**
   * Checks that this configuration is for the given device.
   *
   * @throws IllegalArgumentException if it is for another one
   */
  public void requireDevice(Device expected) {
    if (device != expected) {
      throw new IllegalArgumentException(
          "the configuration is for device " + device + ", but the runner is for " + expected);
    }
  }

  private static void requireSupported(Device device, DataType dtype, boolean fp8KvCache) {
    if (!dtype.runsOn(device)) {
      throw new IllegalArgumentException("dtype " + dtype + " is not supported on " + device);
    }
    if (fp8KvCache && device != Device.CUDA) {
      throw new IllegalArgumentException("fp8KvCache is not supported on " + device);
    }
  }

  private static void requireGpuOfEachRank(Device device, int tensorParallel, List<Integer> gpus) {
    int expected = device == Device.CUDA ? tensorParallel : 0;
    if (gpus.size() != expected || new HashSet<>(gpus).size() != expected) {
      throw new IllegalArgumentException(
          "gpus must be %s different ones, but are %s".formatted(expected, gpus));
    }
  }

  private static void requireBlockSize(Device device, int blockSize) {
    requirePositive("blockSize", blockSize);
    if (device == Device.CUDA
        && (Integer.bitCount(blockSize) != 1 || blockSize < MIN_CUDA_BLOCK_SIZE)) {
      throw new IllegalArgumentException(
          "blockSize must be a power of two from %s on, but is %s"
              .formatted(MIN_CUDA_BLOCK_SIZE, blockSize));
    }
  }

  private static void requireCacheSize(Device device, int blockSize, long memory, long tokens) {
    if (memory > 0 && tokens > 0) {
      throw new IllegalArgumentException(
          "only one of kvCacheMemory and kvCacheTokens may be given, but both are");
    }
    if (device == Device.CPU && memory == 0 && tokens == 0) {
      throw new IllegalArgumentException(
          "kvCacheMemory or kvCacheTokens must be given on the CPU, but neither is");
    }
    if (device == Device.CPU && tokens / blockSize > Integer.MAX_VALUE / blockSize - 1) {
      throw new IllegalArgumentException("kvCacheTokens must be less than 2^31, but is " + tokens);
    }
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, but is " + value);
    }
  }

  private static void requireNotNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative, but is " + value);
    }
  }
}
