package io.nightshift.runtime.config;

import java.util.List;

/** The values of an {@link EngineConfig}, for copies that differ in some of them. */
final class EngineConfigFields {
  private final Device device;
  DataType dtype;
  int tensorParallel;
  List<Integer> gpus;
  int blockSize;
  long kvCacheMemory;
  long kvCacheTokens;
  long hostKvCacheMemory;
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
    tensorParallel = config.tensorParallel();
    gpus = config.gpus();
    blockSize = config.blockSize();
    kvCacheMemory = config.kvCacheMemory();
    kvCacheTokens = config.kvCacheTokens();
    hostKvCacheMemory = config.hostKvCacheMemory();
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
        tensorParallel,
        gpus,
        blockSize,
        kvCacheMemory,
        kvCacheTokens,
        hostKvCacheMemory,
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
