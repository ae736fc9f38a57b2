package io.nightshift.runtime.cpu;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.engine.LongContextContract;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.runner.ModelRunner;

/** Rows of 131,072 tokens on the CPU runner in f32, in steps of 1,024 tokens. */
class CpuLongContextTest extends LongContextContract {

  @Override
  protected EngineConfig options() {
    return EngineConfig.cpu().withDtype(DataType.F32).withThreads(2).withMaxStepTokens(1024);
  }

  @Override
  protected ModelRunner open(ModelFiles files, EngineConfig options) {
    return new CpuModelRunner(files, options);
  }

  @Override
  protected double tolerance() {
    return 1e-3;
  }
}
