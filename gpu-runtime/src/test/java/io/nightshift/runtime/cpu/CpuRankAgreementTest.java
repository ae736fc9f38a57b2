package io.nightshift.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.RealModel;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.parallel.TensorParallelRunner;
import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.PoolingRequest;
import io.nightshift.runtime.runner.RandomModel;
import io.nightshift.runtime.runner.RandomSteps;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.runner.TinyModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Ranks compute what one runner computes. */
class CpuRankAgreementTest {

  /** bf16 rounds the inputs of GEMMs, of which each rank has others; logits are up to 10. */
  private static final double BF16_TOLERANCE = 0.25;

  /** Relative to the largest logit. */
  private static final double F32_TOLERANCE = 1e-4;

  @ParameterizedTest
  @CsvSource({"LLAMA_ROPE_SCALING, 4", "MIXTRAL, 4", "PHI3_LONGROPE, 3"})
  void randomRaggedBatchesEqualTheReference(TinyModel model, int degree) {
    try (ModelFiles files = model.open();
        ModelRunner runner = CpuTensorParallel.runner(files, CpuRanks.options(degree, 1))) {
      new RandomSteps(files, runner, 11, 2e-4).run(12, 120);
    }
  }

  /** Every field of a configuration, in combinations that no family has. */
  @ParameterizedTest
  @CsvSource({"0, 2", "3, 12", "9, 4", "24, 4", "31, 4", "39, 8", "54, 4"})
  void randomModelsEqualTheReference(long seed, int degree) {
    try (RandomModel files = new RandomModel(seed);
        ModelRunner runner = CpuTensorParallel.runner(files, CpuRanks.options(degree, 1))) {
      new RandomSteps(files, runner, seed, 1e-3).run(4, 50);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LLAMA, 2, F32",
    "LLAMA, 2, BF16",
    "GEMMA2, 2, BF16",
    "LLAMA_DYNAMIC, 4, BF16",
    "SMOLLM3, 4, F32",
    "GPT_OSS, 2, F32"
  })
  void ranksHaveTheLogitsOfOneRunner(TinyModel model, int degree, DataType dtype) {
    EngineConfig options = CpuRanks.options(degree, 2).withDtype(dtype);
    int[] tokens = IntStream.range(0, 60).map(i -> (37 * i + 11) % 331).toArray();
    try (ModelFiles files = model.open()) {
      float[][] one = logits(files, options.withTensorParallel(1), tokens);
      float[][] ranks = logits(files, options, tokens);
      assertAgree(
          ranks, one, dtype == DataType.F32 ? F32_TOLERANCE * largest(one) : BF16_TOLERANCE);
    }
  }

  @Test
  void threeRanksOfARealModelHaveTheLogitsOfOneRunner() {
    EngineConfig options = CpuRanks.options(3, 1);
    int[] tokens = IntStream.range(0, 60).map(i -> (7919 * i + 101) % 49152).toArray();
    try (ModelFiles files = ModelFormats.open(RealModel.smolLm2())) {
      float[][] one = logits(files, options.withTensorParallel(1), tokens);
      float[][] ranks = logits(files, options, tokens);
      assertAgree(ranks, one, F32_TOLERANCE * largest(one));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LLAMA", "GEMMA2", "MIXTRAL", "GPT_OSS"})
  void allRanksHaveTheSameHiddenStatesBitByBit(TinyModel model) {
    EngineConfig options = CpuRanks.options(2, 2);
    float[][] states = new float[2][];
    try (ModelFiles files = model.open()) {
      CpuCollective collective = new CpuCollective(files.config(), 2, options.maxStepTokens());
      try (ModelRunner runner =
          new TensorParallelRunner(
              files.config(),
              List.of("CPU", "CPU"),
              context ->
                  new ForwardingModelRunner(
                      CpuTensorParallel.rank(files, options, collective, context.rank())) {
                    @Override
                    public Logits run(StepBatch batch) {
                      Logits results = super.run(batch);
                      states[context.rank()] = new float[files.config().hiddenSize()];
                      results.readPooled(0, states[context.rank()]);
                      return results;
                    }
                  },
              collective,
              TensorParallelRunner.DEFAULT_TIMEOUT)) {
        int[] tokens = IntStream.range(0, 90).map(i -> (37 * i + 11) % 331).toArray();
        int[] blocks = IntStream.range(0, 12).toArray();
        runner.run(
            new StepBatch(
                List.of(new StepSequence(tokens, tokens.length, blocks, null)),
                List.of(),
                List.of(),
                List.of(new PoolingRequest(0, tokens.length))));
      }
    }
    assertThat(states[1]).isEqualTo(states[0]);
  }

  private static float[][] logits(ModelFiles files, EngineConfig options, int[] tokens) {
    int[] blocks = {9, 4, 7, 3, 1, 0, 11, 5};
    List<LogitsRequest> requests =
        List.of(0, 17, 40, tokens.length - 1).stream()
            .map(token -> new LogitsRequest(token, null))
            .toList();
    boolean longContext = files.config().isLongContext(tokens.length);
    StepSequence sequence = new StepSequence(tokens, tokens.length, blocks, null, longContext);
    List<float[]> rows = new ArrayList<>();
    try (ModelRunner runner = CpuTensorParallel.runner(files, options)) {
      Logits logits = runner.run(new StepBatch(List.of(sequence), List.of(), requests));
      for (int row = 0; row < logits.rows(); row++) {
        float[] values = new float[logits.columns(row)];
        logits.read(row, values);
        rows.add(values);
      }
    }
    return rows.toArray(float[][]::new);
  }

  private static float largest(float[][] rows) {
    float largest = 0;
    for (float[] row : rows) {
      for (float value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest;
  }

  private static void assertAgree(float[][] actual, float[][] expected, double tolerance) {
    assertThat(actual).hasDimensions(expected.length, expected[0].length);
    for (int row = 0; row < actual.length; row++) {
      for (int column = 0; column < actual[row].length; column++) {
        double difference = Math.abs(actual[row][column] - expected[row][column]);
        assertThat(difference).as("row %s, column %s", row, column).isLessThan(tolerance);
      }
    }
  }
}
