package io.nightshift.job.cluster;

import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.operators.infer.TaskGpus;
import io.nightshift.runtime.engine.EngineOptions;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.runner.FakeModelRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Real engines over a fake model, whose answers are a hash of the prompt's token ids.
 *
 * @param rowsPerSecond speed of each engine
 * @param tally file that grows by a byte for each row that an engine has computed
 */
record PacedEngines(double rowsPerSecond, String tally) implements EngineFactory {
  private static final String RELEASED = ".released";
  private static final int BLOCKS = 1024;
  private static final int BLOCK_SIZE = 16;
  private static final int STEP_TOKENS = 512;
  private static final int RUNNING_SEQUENCES = 16;
  private static final int MAX_POSITIONS = 4096;
  private static final int SEED = 5;

  /** Of the tokenizer of SmolLM2, and its token {@code <|im_end|>}. */
  private static final int VOCABULARY = 49_152;

  private static final int END_OF_SEQUENCE = 2;

  @Override
  public TaskEngine create() throws IOException {
    FakeModelRunner model =
        new FakeModelRunner(
            FakeModelRunner.config(VOCABULARY, MAX_POSITIONS, END_OF_SEQUENCE),
            BLOCKS,
            BLOCK_SIZE,
            STEP_TOKENS,
            SEED);
    EngineOptions options =
        EngineOptions.defaults().withMaxRunningSequences(RUNNING_SEQUENCES).withSamplingThreads(1);
    PacedRunner runner =
        new PacedRunner(model, rowsPerSecond, Path.of(tally), Path.of(tally + RELEASED));
    return new TaskEngine(new LlmEngine(runner, Arrays::toString, options), () -> {});
  }

  @Override
  public TaskEngine create(List<Integer> gpus) throws Exception {
    return TaskGpus.onFreeOne(gpus, this::create);
  }

  private TaskEngine create(int gpu) throws IOException {
    FakeGpu held = FakeGpu.take(Path.of(tally), gpu);
    return new TaskEngine(create().engine(), held);
  }

  /** Lets all engines that share a tally run as fast as they can from now on. */
  static void release(Path tally) throws IOException {
    Files.createFile(Path.of(tally + RELEASED));
  }
}
