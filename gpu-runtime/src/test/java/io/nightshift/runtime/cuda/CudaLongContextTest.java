package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.engine.LongContextContract;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.runner.ModelRunner;
import org.junit.jupiter.api.Tag;

/**
 * Rows of 131,072 tokens on the CUDA runner in bf16, in steps of 16,384 tokens. The tolerance is
 * that of tiny models of short rows ({@link CudaModelRunnerTest}) but for the rounding of scores of
 * up to 25, which decides between tokens that are almost as far up.
 */
@Tag("gpu")
class CudaLongContextTest extends LongContextContract {

  @Override
  protected EngineConfig options() {
    return EngineConfig.cuda().withMaxStepTokens(16_384);
  }

  @Override
  protected ModelRunner open(ModelFiles files, EngineConfig options) {
    return new CudaModelRunner(files, options);
  }

  @Override
  protected double tolerance() {
    return 1;
  }
}
