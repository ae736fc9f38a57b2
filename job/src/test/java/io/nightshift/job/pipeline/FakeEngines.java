package io.nightshift.job.pipeline;

import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.ModelRunner;
import java.util.Arrays;

/**
 * Engines without a model, which say nothing of their limits beforehand.
 *
 * @param blockCount KV cache blocks
 * @param blockSize tokens of a block
 */
record FakeEngines(int blockCount, int blockSize) implements EngineFactory {

  @Override
  public TaskEngine create() {
    return engine(runner(blockCount, blockSize));
  }

  static FakeModelRunner runner(int blockCount, int blockSize) {
    return new FakeModelRunner(FakeModelRunner.config(331, 256, 1), blockCount, blockSize, 64, 5);
  }

  static TaskEngine engine(ModelRunner runner) {
    EngineConfig options = EngineConfig.cpu().withThreads(1);
    return new TaskEngine(
        new LlmEngine(runner, Arrays::toString, options), String::valueOf, () -> {});
  }
}
