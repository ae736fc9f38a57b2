package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.StepTimes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models with mixtures of experts of several kinds, on a GPU. */
@Tag("gpu")
class CudaExpertsTest {
  private static final ModelConfig CONFIG =
      config(
          new ExpertsConfig(16, 4, 192, Activation.SILU, true, false),
          new GatedMlpConfig(1024, Activation.SILU),
          new ExpertsConfig(5, 2, 80, Activation.CLAMPED_SWIGLU, true, true),
          new ExpertsConfig(40, 6, 64, Activation.GELU_TANH, false, false));

  /** All tokens pass all experts: none passes others because of rounding. */
  private static final ModelConfig ALL_CHOSEN =
      config(
          new ExpertsConfig(4, 4, 256, Activation.SILU, true, false),
          new ExpertsConfig(7, 7, 272, Activation.SILU, false, false),
          new ExpertsConfig(2, 2, 48, Activation.CLAMPED_SWIGLU, true, true));

  private static ModelConfig config(FeedForwardConfig... kinds) {
    ModelConfig dense = CudaPrecisionTest.CONFIG;
    List<LayerConfig> layers =
        Stream.of(kinds)
            .map(kind -> new LayerConfig(0, dense.layers().get(0).rope(), kind))
            .toList();
    return new ModelConfig(
        dense.family(),
        dense.hiddenSize(),
        dense.vocabularySize(),
        dense.maxPositions(),
        dense.attention(),
        layers,
        dense.normPlacement(),
        dense.normEpsilon(),
        dense.multipliers(),
        dense.tiedEmbeddings(),
        dense.endOfSequenceTokens());
  }

  @Test
  void randomWeightsOfTheDeviceAreThoseOfTheFiles() {
    CudaPrecisionTest.assertSame(CONFIG);
  }

  @Test
  void stepsAreDeterministic() {
    try (CudaModelRunner runner =
        CudaModelRunner.withRandomWeights(CONFIG, CudaPrecisionTest.OPTIONS)) {
      float[][] first = CudaPrecisionTest.logits(runner);
      assertThat(CudaPrecisionTest.logits(runner)).isDeepEqualTo(first);
    }
  }

  @Test
  void fp8IsCloseToBf16() {
    EngineConfig fp8 = CudaPrecisionTest.OPTIONS.withDtype(DataType.FP8);
    assertThat(CudaPrecisionTest.error(ALL_CHOSEN, fp8)).isLessThan(0.15);
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "FP8"})
  void timesStepsAndTheFloor(DataType weights) {
    EngineConfig options = CudaPrecisionTest.OPTIONS.withDtype(weights);
    try (CudaModelRunner runner = CudaModelRunner.withRandomWeights(CONFIG, options)) {
      StepTimes times = runner.stepTimes().orElseThrow();
      for (int tokens : new int[] {1, 8, 77, 512}) {
        assertThat(times.seconds(tokens)).isPositive().isLessThan(60);
        assertThat(runner.gemmFloor().seconds(tokens)).isPositive().isLessThan(60);
      }
    }
  }
}
