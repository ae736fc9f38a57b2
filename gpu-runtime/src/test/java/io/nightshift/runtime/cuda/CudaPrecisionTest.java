package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Multipliers;
import io.nightshift.runtime.model.NormPlacement;
import io.nightshift.runtime.model.PlainLlama;
import io.nightshift.runtime.model.QueryKeyNorm;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.random.RandomModelFiles;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.PoisonedModelFiles;
import io.nightshift.runtime.runner.PoisonedSteps;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The error of fp8: logits against those of bf16, on a model whose sizes fp8 GEMMs take. */
@Tag("gpu")
class CudaPrecisionTest {
  private static final int SEQUENCES = 7;
  private static final int LENGTH = 37;

  static final ModelConfig CONFIG = PlainLlama.config(4, 512, 8, 2, 64, 1024, 1000, 256, 1);

  /** What families differ in, all at once: layers with other windows, embeddings and MLPs. */
  private static final ModelConfig VARIED = varied(NormPlacement.AROUND);

  private static ModelConfig varied(NormPlacement norms) {
    AttentionConfig attention =
        new AttentionConfig(8, 2, 64, 0.1f, 30, true, true, QueryKeyNorm.ALL_HEADS, true);
    List<LayerConfig> layers =
        List.of(
            new LayerConfig(
                16,
                Optional.of(RopeConfig.unscaled(10_000, 48)),
                new GatedMlpConfig(1024, Activation.GELU_TANH)),
            new LayerConfig(0, Optional.empty(), new GatedMlpConfig(512, Activation.SILU)),
            new LayerConfig(
                0,
                Optional.of(RopeConfig.unscaled(1_000_000, 64)),
                new GatedMlpConfig(1024, Activation.CLAMPED_SWIGLU)));
    return new ModelConfig(
        ModelFamily.LLAMA,
        512,
        1000,
        256,
        attention,
        layers,
        norms,
        1e-6f,
        new Multipliers(20, 0.5f, 0.25f, 10),
        true,
        Set.of());
  }

  static final EngineConfig OPTIONS =
      EngineConfig.cuda().withKvCacheTokens(1024).withMaxStepTokens(512);

  @Test
  void randomWeightsOfTheDeviceAreThoseOfTheFiles() {
    assertSame(CONFIG);
    assertSame(VARIED);
  }

  static void assertSame(ModelConfig config) {
    float[][] made;
    try (ModelRunner runner = CudaModelRunner.withRandomWeights(config, OPTIONS)) {
      made = logits(runner);
    }
    try (ModelRunner runner =
        new CudaModelRunner(new RandomModelFiles("random", config), OPTIONS)) {
      float[][] loaded = logits(runner);
      for (int row = 0; row < SEQUENCES; row++) {
        assertThat(loaded[row]).isEqualTo(made[row]);
      }
    }
  }

  @Test
  void fp8IsCloseToBf16() {
    assertThat(error(CONFIG, OPTIONS.withDtype(DataType.FP8))).isLessThan(0.15);
  }

  @ParameterizedTest
  @EnumSource
  void fp8IsCloseToBf16WhereverNormsAre(NormPlacement norms) {
    assertThat(error(varied(norms), OPTIONS.withDtype(DataType.FP8))).isLessThan(0.3);
  }

  @Test
  void fp8KeysAndValuesAreCloseToBf16() {
    assertThat(error(CONFIG, OPTIONS.withFp8KvCache(true))).isLessThan(0.05);
  }

  @ParameterizedTest
  @CsvSource({"BF16, false", "BF16, true", "FP8, false", "FP8, true"})
  void aTokenThatIsNotFiniteSpoilsOnlyWhatSeesIt(DataType weights, boolean fp8KvCache) {
    EngineConfig options =
        EngineConfig.cuda()
            .withBlockSize(8)
            .withKvCacheTokens(256)
            .withMaxStepTokens(128)
            .withDtype(weights)
            .withFp8KvCache(fp8KvCache);
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      try (ModelFiles files =
              new PoisonedModelFiles(new RandomModelFiles("random", CONFIG), value);
          ModelRunner runner = new CudaModelRunner(files, options)) {
        new PoisonedSteps(runner).run();
      }
    }
  }

  /** Root mean square of the difference to bf16, over that of bf16. */
  static double error(ModelConfig config, EngineConfig options) {
    float[][] expected;
    try (ModelRunner runner = CudaModelRunner.withRandomWeights(config, OPTIONS)) {
      expected = logits(runner);
    }
    double squares = 0;
    double differences = 0;
    try (ModelRunner runner = CudaModelRunner.withRandomWeights(config, options)) {
      float[][] logits = logits(runner);
      for (int row = 0; row < SEQUENCES; row++) {
        for (int i = 0; i < logits[row].length; i++) {
          squares += expected[row][i] * expected[row][i];
          double difference = logits[row][i] - expected[row][i];
          differences += difference * difference;
        }
      }
    }
    double error = Math.sqrt(differences / squares);
    return error;
  }

  static float[][] logits(ModelRunner runner) {
    Random random = new Random(5);
    List<StepSequence> sequences = new ArrayList<>();
    List<LogitsRequest> requests = new ArrayList<>();
    for (int s = 0; s < SEQUENCES; s++) {
      int[] tokens = random.ints(LENGTH, 0, CONFIG.vocabularySize()).toArray();
      int[] blocks = IntStream.range(3 * s, 3 * s + 3).toArray();
      sequences.add(new StepSequence(tokens, LENGTH, blocks, null));
      requests.add(new LogitsRequest(LENGTH * (s + 1) - 1, null));
    }
    Logits logits = runner.run(new StepBatch(sequences, List.of(), requests));
    float[][] rows = new float[SEQUENCES][CONFIG.vocabularySize()];
    for (int row = 0; row < SEQUENCES; row++) {
      logits.read(row, rows[row]);
    }
    return rows;
  }
}
