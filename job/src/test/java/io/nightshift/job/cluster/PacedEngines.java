package io.nightshift.job.cluster;

import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.operators.infer.TaskGpus;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.runner.FakeModelRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Real engines over a fake model, whose answers are a hash of the prompt's token ids. The system
 * properties of a TaskManager may say that its engine has another speed, and a name.
 *
 * @param rowsPerSecond speed of each engine
 * @param tally folder of the engines' {@link Tally}
 */
record PacedEngines(double rowsPerSecond, String tally) implements EngineFactory {
  private static final String SPEED = "paced.speed";
  private static final String NAME = "paced.name";
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
    EngineConfig options =
        EngineConfig.cpu().withMaxRunningSequences(RUNNING_SEQUENCES).withThreads(1);
    double speed = Double.parseDouble(System.getProperty(SPEED, "1"));
    Tally shared = new Tally(Path.of(tally), System.getProperty(NAME, "engine"));
    PacedRunner runner = new PacedRunner(model, rowsPerSecond * speed, shared);
    return new TaskEngine(new LlmEngine(runner, Arrays::toString, options), () -> {});
  }

  @Override
  public TaskEngine create(List<Integer> gpus) throws Exception {
    return TaskGpus.onFreeOne(gpus, this::create, "use fewer engines");
  }

  private TaskEngine create(int gpu) throws IOException {
    FakeGpu held = FakeGpu.take(Path.of(tally), gpu);
    return new TaskEngine(create().engine(), held);
  }

  /**
   * Options of a TaskManager's JVM, for an engine of another speed.
   *
   * @param name of the engine, among all that share a tally
   * @param speed factor
   */
  static List<String> options(String name, double speed) {
    return List.of("-D" + NAME + "=" + name, "-D" + SPEED + "=" + speed);
  }
}
