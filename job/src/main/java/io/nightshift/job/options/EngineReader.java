package io.nightshift.job.options;

import io.nightshift.job.options.JobSpecification.Engine;
import io.nightshift.job.options.JobSpecification.Slot;
import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.config.GpuSelection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;

/** Reads the section {@code engine} of a job file. */
final class EngineReader {
  /** More than any host has GPUs. */
  private static final int MAX_RANKS = 64;

  private final JobSettings settings;
  private final Checks checks;

  EngineReader(JobSettings settings, Checks checks) {
    this.settings = settings;
    this.checks = checks;
  }

  /** The engine of one task. Options that are not given have the defaults of the device. */
  Engine engine(Device device, DataType dtype) {
    EngineConfig config = config(device, dtype);
    return new Engine(config, gpus(device), slot(config), mixedDevices(dtype));
  }

  private Map<Device, EngineConfig> mixedDevices(DataType dtype) {
    Map<Device, EngineConfig> configs = new EnumMap<>(Device.class);
    if (isMixed()) {
      for (Device device : Device.values()) {
        configs.put(device, config(device, dtype.runsOn(device) ? dtype : DataType.BF16));
      }
    }
    return configs;
  }

  private boolean isMixed() {
    return settings.get(EngineOptions.MIXED_DEVICES);
  }

  private EngineConfig config(Device device, DataType dtype) {
    EngineConfig config =
        withRanks(EngineConfig.of(device))
            .withDtype(dtype)
            .withBlockSize(blockSize())
            .withFp8KvCache(fp8KvCache(device))
            .withForcedTokens(settings.get(EngineOptions.FORCED_TOKENS));
    if (isGiven(EngineOptions.KV_CACHE_MEMORY)) {
      MemorySize memory = checks.atLeast(EngineOptions.KV_CACHE_MEMORY, MemorySize.ofMebiBytes(1));
      config = config.withKvCacheMemory(memory.getBytes());
    }
    Optional<MemorySize> hostMemory = settings.find(EngineOptions.HOST_KV_CACHE_MEMORY);
    if (hostMemory.isPresent()) {
      config = config.withHostKvCacheMemory(hostMemory.get().getBytes());
    }
    if (isGiven(EngineOptions.MAX_STEP_TOKENS)) {
      config = config.withMaxStepTokens(checks.between(EngineOptions.MAX_STEP_TOKENS, 1, 1 << 20));
    }
    if (isGiven(EngineOptions.MAX_RUNNING_SEQUENCES)) {
      int sequences = checks.between(EngineOptions.MAX_RUNNING_SEQUENCES, 1, 1 << 16);
      config = config.withMaxRunningSequences(sequences);
      if (device == Device.CUDA) {
        // A decode step has one row for each running sequence.
        config = config.withMaxStepLogits(sequences);
      }
    }
    return withCpuOptions(config);
  }

  /** On CUDA, with the first GPUs, which stand for those of the engine's place. */
  private EngineConfig withRanks(EngineConfig config) {
    int ranks = checks.between(EngineOptions.TENSOR_PARALLEL, 1, MAX_RANKS);
    return config.device() == Device.CUDA
        ? config.withGpus(IntStream.range(0, ranks).boxed().toList())
        : config.withTensorParallel(ranks);
  }

  /** Adds the options that only the CPU runner has; on CUDA they are checked and ignored. */
  private EngineConfig withCpuOptions(EngineConfig config) {
    EngineConfig result = config;
    if (isGiven(EngineOptions.THREADS)) {
      int threads = checks.between(EngineOptions.THREADS, 1, 4096);
      result = config.device() == Device.CPU ? result.withThreads(threads) : result;
    }
    Optional<MemorySize> memoryLimit = settings.find(EngineOptions.MEMORY_LIMIT);
    if (memoryLimit.isPresent() && config.device() == Device.CPU) {
      result = result.withMemoryLimit(memoryLimit.get().getBytes());
    }
    return result;
  }

  private GpuSelection gpus(Device device) {
    if (settings.isGiven(EngineOptions.GPUS) && device != Device.CUDA && !isMixed()) {
      throw settings.error(EngineOptions.GPUS, "needs model.device cuda");
    }
    try {
      return GpuSelection.parse(settings.get(EngineOptions.GPUS));
    } catch (IllegalArgumentException e) {
      throw settings.error(EngineOptions.GPUS, String.valueOf(e.getMessage()));
    }
  }

  private int blockSize() {
    int blockSize = checks.between(EngineOptions.BLOCK_SIZE, 4, 256);
    if (Integer.bitCount(blockSize) != 1) {
      throw settings.error(
          EngineOptions.BLOCK_SIZE, "is " + blockSize + ", but must be a power of two");
    }
    return blockSize;
  }

  private boolean fp8KvCache(Device device) {
    boolean wanted = settings.get(EngineOptions.FP8_KV_CACHE);
    if (wanted && device != Device.CUDA && !isMixed()) {
      throw settings.error(EngineOptions.FP8_KV_CACHE, "needs model.device cuda");
    }
    return wanted && device == Device.CUDA;
  }

  /** Whether an option without a default has a value. */
  private boolean isGiven(ConfigOption<?> option) {
    return settings.find(option).isPresent();
  }

  private Optional<Slot> slot(EngineConfig config) {
    Optional<Double> cores = settings.find(EngineOptions.SLOT_CPU_CORES);
    Optional<MemorySize> heap = settings.find(EngineOptions.SLOT_HEAP_MEMORY);
    Optional<MemorySize> offHeap = settings.find(EngineOptions.SLOT_OFF_HEAP_MEMORY);
    if (cores.isEmpty() && heap.isEmpty() && offHeap.isEmpty()) {
      return Optional.empty();
    }
    requirePart(EngineOptions.SLOT_CPU_CORES, cores);
    if (isMixed()) {
      throw settings.error(
          EngineOptions.MIXED_DEVICES,
          "excludes the engine.slot- options, which ask for the same slot for every engine; remove one");
    }
    return Optional.of(
        new Slot(
            checks.positive(EngineOptions.SLOT_CPU_CORES, 4096),
            requirePart(EngineOptions.SLOT_HEAP_MEMORY, heap),
            requirePart(EngineOptions.SLOT_OFF_HEAP_MEMORY, offHeap),
            config.gpus().size()));
  }

  private <T> T requirePart(ConfigOption<T> option, Optional<T> value) {
    return value.orElseThrow(
        () -> settings.error(option, "is missing: the three options of a slot go together"));
  }
}
