package io.nightshift.runtime.config;

/** The values of an {@link EngineConfig}, for copies that differ in some of them. */
final class EngineConfigFields {
  private final Device device;
  DataType dtype;
  int gpu;
  int blockSize;
  long kvCacheMemory;
  long kvCacheTokens;
  boolean fp8KvCache;
  int maxStepTokens;
  int maxStepLogits;
  int maxRunningSequences;
  int logitsRows;
  int threads;
  long memoryLimit;
  boolean forcedTokens;

  EngineConfigFields(EngineConfig config) {
    device = config.device();
    dtype = config.dtype();
    gpu = config.gpu();
    blockSize = config.blockSize();
    kvCacheMemory = config.kvCacheMemory();
    kvCacheTokens = config.kvCacheTokens();
    fp8KvCache = config.fp8KvCache();
    maxStepTokens = config.maxStepTokens();
    maxStepLogits = config.maxStepLogits();
    maxRunningSequences = config.maxRunningSequences();
    logitsRows = config.logitsRows();
    threads = config.threads();
    memoryLimit = config.memoryLimit();
    forcedTokens = config.forcedTokens();
  }

  EngineConfig toConfig() {
    return new EngineConfig(
        device,
        dtype,
        gpu,
        blockSize,
        kvCacheMemory,
        kvCacheTokens,
        fp8KvCache,
        maxStepTokens,
        maxStepLogits,
        maxRunningSequences,
        logitsRows,
        threads,
        memoryLimit,
        forcedTokens);
  }
}
