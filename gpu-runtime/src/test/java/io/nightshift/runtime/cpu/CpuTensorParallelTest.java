package io.nightshift.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.shard.ModelShard;
import io.nightshift.runtime.parallel.TensorParallelRunner;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.ModelRunnerContract;

/**
 * Two CPU ranks in f32, with two threads each. A model that two ranks cannot divide is refused, and
 * is run by a group of a single rank.
 */
class CpuTensorParallelTest extends ModelRunnerContract {

  @Override
  protected ModelRunner open(ModelFiles files, int blockSize, int blockCount, int maxStepTokens) {
    EngineConfig options =
        EngineConfig.cpu()
            .withDtype(DataType.F32)
            .withThreads(4)
            .withBlockSize(blockSize)
            .withKvCacheTokens((long) blockSize * blockCount)
            .withHostKvCacheMemory(HOST_KV_CACHE_MEMORY)
            .withMaxStepTokens(maxStepTokens);
    if (ModelShard.refusal(files.config(), 2).isPresent()) {
      assertThatThrownBy(() -> CpuTensorParallel.runner(files, options.withTensorParallel(2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("use a tensor-parallel degree of 1");
      return CpuTensorParallel.ranks(files, options, TensorParallelRunner.DEFAULT_TIMEOUT);
    }
    return CpuTensorParallel.runner(files, options.withTensorParallel(2));
  }

  @Override
  protected double tolerance() {
    return 2e-4;
  }
}
