package io.nightshift.runtime.cpu;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.runner.RandomModel;
import io.nightshift.runtime.runner.RandomSteps;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The CPU runner follows every field of a configuration, in combinations that no family has. */
class CpuRandomModelTest {
  /** Logits of these models have a standard deviation of up to 6. */
  private static final double TOLERANCE = 1e-3;

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void computesTheReferencesLogits(long seed) {
    EngineConfig options =
        EngineConfig.cpu()
            .withDtype(DataType.F32)
            .withThreads(2)
            .withBlockSize(8)
            .withKvCacheTokens(8 * 96)
            .withMaxStepTokens(96);
    try (RandomModel model = new RandomModel(seed);
        CpuModelRunner runner = new CpuModelRunner(model, options)) {
      new RandomSteps(model, runner, seed, TOLERANCE).run(8, 30);
    }
  }
}
