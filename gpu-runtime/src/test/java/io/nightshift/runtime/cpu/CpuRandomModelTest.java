package io.nightshift.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.runner.PoisonedModelFiles;
import io.nightshift.runtime.runner.PoisonedSteps;
import io.nightshift.runtime.runner.RandomModel;
import io.nightshift.runtime.runner.RandomSteps;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The CPU runner follows every field of a configuration, in combinations that no family has. */
class CpuRandomModelTest {
  /** Logits of these models have a standard deviation of up to 6. */
  private static final double TOLERANCE = 1e-3;

  private static final EngineConfig OPTIONS =
      EngineConfig.cpu()
          .withDtype(DataType.F32)
          .withThreads(2)
          .withBlockSize(8)
          .withKvCacheTokens(8 * 96)
          .withMaxStepTokens(96);

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void computesTheReferencesLogits(long seed) {
    try (RandomModel model = new RandomModel(seed);
        CpuModelRunner runner = new CpuModelRunner(model, OPTIONS)) {
      new RandomSteps(model, runner, seed, TOLERANCE).run(8, 100);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aTokenThatIsNotFiniteSpoilsOnlyWhatSeesIt(long seed) {
    float value = seed % 3 == 0 ? Float.NEGATIVE_INFINITY : Float.NaN;
    try (PoisonedModelFiles files = new PoisonedModelFiles(new RandomModel(seed), value);
        CpuModelRunner runner = new CpuModelRunner(files, OPTIONS.withMaxStepTokens(128))) {
      new PoisonedSteps(runner).run();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {100, 101, 102, 103, 104, 105, 106, 107})
  void takesNoMoreMemoryThanItPlannedAndGivesItBack(long seed) {
    long before = NativeMemory.allocatedBytes();
    try (RandomModel model = new RandomModel(seed);
        CpuModelRunner runner = new CpuModelRunner(model, OPTIONS)) {
      new RandomSteps(model, runner, seed, TOLERANCE).run(8, 100);
      assertThat(NativeMemory.allocatedBytes() - before)
          .isPositive()
          .isLessThanOrEqualTo(runner.plannedBytes());
      assertThat(runner.gemmFloor().seconds((int) seed - 99)).isPositive();
    }
    assertThat(NativeMemory.allocatedBytes()).isEqualTo(before);
  }
}
