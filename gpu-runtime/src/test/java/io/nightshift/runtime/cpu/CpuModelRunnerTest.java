package io.nightshift.runtime.cpu;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.ModelRunnerContract;

/** The CPU runner in f32 with two threads. */
class CpuModelRunnerTest extends ModelRunnerContract {

  @Override
  protected ModelRunner open(ModelFiles files, int blockSize, int blockCount, int maxStepTokens) {
    return new CpuModelRunner(
        files,
        EngineConfig.cpu()
            .withDtype(DataType.F32)
            .withThreads(2)
            .withBlockSize(blockSize)
            .withKvCacheTokens((long) blockSize * blockCount)
            .withHostKvCacheMemory(HOST_KV_CACHE_MEMORY)
            .withMaxStepTokens(maxStepTokens));
  }

  @Override
  protected double tolerance() {
    return 2e-4;
  }
}
