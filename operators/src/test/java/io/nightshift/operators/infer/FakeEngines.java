package io.nightshift.operators.infer;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.runner.FakeModelRunner;
import java.util.Arrays;

/** Real engines over the fake model runner, whose answers depend on the prompt alone. */
record FakeEngines() implements EngineFactory {
  static final int VOCABULARY = 97;
  private static final int END_OF_SEQUENCE = 3;

  @Override
  public TaskEngine create() {
    return new TaskEngine(
        new LlmEngine(runner(), Arrays::toString, options()), String::valueOf, () -> {});
  }

  static FakeModelRunner runner() {
    return new FakeModelRunner(
        FakeModelRunner.config(VOCABULARY, 512, END_OF_SEQUENCE), 256, 8, 64, 5);
  }

  static EngineConfig options() {
    return EngineConfig.cpu().withMaxRunningSequences(8).withThreads(1);
  }
}
