package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.PoisonedModelFiles;
import io.nightshift.runtime.runner.PoisonedSteps;
import io.nightshift.runtime.runner.RandomModel;
import io.nightshift.runtime.runner.RandomSteps;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The CUDA runner follows every field of a configuration, in combinations that no family has. Only
 * models without experts: rounding to bf16 changes which experts a token passes, and so logits by
 * more than any tolerance.
 */
@Tag("gpu")
class CudaRandomModelTest {
  /** Logits have a standard deviation of up to 6, before they are multiplied. */
  private static final double TOLERANCE = 1.2;

  private static final EngineConfig OPTIONS =
      EngineConfig.cuda()
          .withBlockSize(8)
          .withKvCacheTokens(8 * 96)
          .withMaxStepTokens(96)
          .withLogitsRows(40);

  static LongStream seeds() {
    return LongStream.range(0, 100).filter(seed -> isDense(config(seed)));
  }

  private static ModelConfig config(long seed) {
    try (RandomModel model = new RandomModel(seed)) {
      return model.config();
    }
  }

  private static boolean isDense(ModelConfig config) {
    return config.layers().stream()
        .allMatch(layer -> layer.feedForward() instanceof GatedMlpConfig);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void computesTheReferencesLogits(long seed) {
    try (RandomModel model = new RandomModel(seed);
        CudaModelRunner runner = new CudaModelRunner(model, OPTIONS)) {
      double tolerance = TOLERANCE * model.config().multipliers().logits();
      new RandomSteps(model, runner, seed, tolerance).run(8, 100);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aTokenThatIsNotFiniteSpoilsOnlyWhatSeesIt(long seed) {
    float value = seed % 3 == 0 ? Float.NEGATIVE_INFINITY : Float.NaN;
    try (PoisonedModelFiles files = new PoisonedModelFiles(new RandomModel(seed), value);
        CudaModelRunner runner = new CudaModelRunner(files, OPTIONS.withMaxStepTokens(128))) {
      new PoisonedSteps(runner).run();
    }
  }
}
