package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.shard.ModelShard;
import io.nightshift.runtime.runner.ModelRunner;
import java.util.List;
import org.junit.jupiter.api.Tag;

/**
 * Two GPUs in bf16, with the tolerances of one ({@link CudaModelRunnerTest}). A model that two
 * ranks cannot divide is refused, and is run by a group of a single rank.
 */
@Tag("two-gpus")
class CudaTensorParallelTest extends CudaModelRunnerTest {

  @Override
  protected ModelRunner open(ModelFiles files, int blockSize, int blockCount, int maxStepTokens) {
    EngineConfig options =
        EngineConfig.cuda()
            .withBlockSize(blockSize)
            .withKvCacheTokens((long) blockSize * blockCount)
            .withHostKvCacheMemory(HOST_KV_CACHE_MEMORY)
            .withMaxStepTokens(maxStepTokens)
            .withLogitsRows(40);
    EngineConfig two = options.withGpus(List.of(0, 1));
    if (ModelShard.refusal(files.config(), 2).isPresent()) {
      assertThatThrownBy(() -> CudaTensorParallel.runner(files, two))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("use a tensor-parallel degree of 1");
      return CudaTensorParallel.runner(files, options);
    }
    return CudaTensorParallel.runner(files, two);
  }
}
