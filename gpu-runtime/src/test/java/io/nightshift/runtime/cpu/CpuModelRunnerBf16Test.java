package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.ModelRunnerContract;

/**
 * The CPU runner with bf16 weights. The inputs of products are rounded to bf16 too where the CPU
 * multiplies bf16, which the tolerance allows for.
 */
class CpuModelRunnerBf16Test extends ModelRunnerContract {

  @Override
  protected ModelRunner open(ModelFiles files, int blockSize, int blockCount, int maxStepTokens) {
    return new CpuModelRunner(
        files,
        CpuRunnerOptions.defaults()
            .withThreads(2)
            .withBlockSize(blockSize)
            .withKvCacheTokens((long) blockSize * blockCount)
            .withMaxStepTokens(maxStepTokens)
            .withWeightType(WeightType.BF16));
  }

  @Override
  protected double tolerance() {
    return 0.25;
  }
}
