package io.nightshift.benchmarks;

import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cpu.CpuModelRunner;
import io.nightshift.runtime.cuda.CudaModelRunner;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.random.ModelShape;
import io.nightshift.runtime.model.random.RandomModelFiles;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * A model without files that engines run one after the other. It is made once: a device holds one
 * model, and making it takes seconds.
 *
 * @param runningRows rows that an engine answers at the same time
 */
record BenchModel(LentRunner runner, int runningRows) implements AutoCloseable {
  /** As in a job: unfinished rows of an engine for each that it answers at a time. */
  static final int LOOK_AHEAD = 2;

  private static final int TINY_CACHE_TOKENS = 65_536;
  private static final ModelConfig TINY =
      ModelShape.llama(
          2,
          64,
          AttentionConfig.plain(4, 2, 16),
          128,
          1000,
          2048,
          RopeConfig.unscaled(10_000, 16),
          true,
          Set.of(1));

  /**
   * Opens a model by name.
   *
   * @param name {@code free} costs nothing; {@code tiny} runs on the CPU; {@code SHAPE-DTYPE}, for
   *     instance {@code 8b-fp8}, has random weights on a GPU
   */
  static BenchModel open(String name) {
    return switch (name) {
      case "free" -> new BenchModel(new LentRunner(new InstantRunner()), 256);
      case "tiny" -> new BenchModel(new LentRunner(tiny()), 256);
      default -> new BenchModel(new LentRunner(onGpu(name)), 2048);
    };
  }

  private static CpuModelRunner tiny() {
    return new CpuModelRunner(
        new RandomModelFiles("tiny", TINY),
        EngineConfig.cpu()
            .withDtype(DataType.F32)
            .withKvCacheTokens(TINY_CACHE_TOKENS)
            .withMaxStepTokens(512));
  }

  private static CudaModelRunner onGpu(String name) {
    String[] parts = name.split("-", -1);
    ModelShape shape =
        Arrays.stream(ModelShape.values())
            .filter(known -> known.toString().equals(parts[0]))
            .findAny()
            .orElseThrow(() -> unknown(name));
    if (parts.length != 2 || !(parts[1].equals("bf16") || parts[1].equals("fp8"))) {
      throw unknown(name);
    }
    DataType dtype = DataType.valueOf(parts[1].toUpperCase(Locale.ROOT));
    return CudaModelRunner.withRandomWeights(
        shape.config(), EngineConfig.cuda().withDtype(dtype).withMaxStepTokens(8192));
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "there is no model " + name + "; use free, tiny, or one like 8b-bf16 or 1b-fp8");
  }

  int vocabularySize() {
    return runner.config().vocabularySize();
  }

  /** Maximum number of unfinished rows of an engine. */
  int lookAheadRows() {
    return LOOK_AHEAD * runningRows;
  }

  /** An engine that has the model until it is closed. */
  TaskEngine engine() {
    runner.lend();
    EngineConfig config =
        EngineConfig.cpu()
            .withMaxStepTokens(runner.maxStepTokens())
            .withMaxRunningSequences(runningRows)
            .withMaxStepLogits(runningRows)
            .withThreads(1);
    return new TaskEngine(new LlmEngine(runner, tokens -> "an answer", config), () -> {});
  }

  @Override
  public void close() {
    runner.closeForGood();
  }
}
