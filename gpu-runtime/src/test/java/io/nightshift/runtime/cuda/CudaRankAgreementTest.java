package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.PlainLlama;
import io.nightshift.runtime.model.random.RandomModelFiles;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two GPUs compute what one computes, whether they exchange partial sums in one shot or in two. */
@Tag("gpu")
@Tag("two-gpus")
class CudaRankAgreementTest {
  /** The vocabulary is odd, so that the shards of the logits differ in width. */
  private static final ModelConfig MODEL = PlainLlama.config(3, 256, 8, 4, 64, 512, 1001, 8192, 1);

  private static final EngineConfig OPTIONS =
      EngineConfig.cuda().withKvCacheTokens(8192).withMaxStepTokens(4095).withLogitsRows(64);

  /**
   * @param tokens of the step: up to 2,047 are exchanged in one shot; odd numbers leave the last
   *     rank fewer rows than the first
   * @param tolerance of the root of the mean square of differences, as a share of the logits' own
   */
  @ParameterizedTest
  @CsvSource({
    "1, BF16, 0.03",
    "37, BF16, 0.03",
    "2047, BF16, 0.03",
    "2048, BF16, 0.03",
    "3001, BF16, 0.03",
    "37, FP8, 0.1",
    "2049, FP8, 0.1",
    "4095, FP8, 0.1"
  })
  void logitsAreThoseOfOneGpu(int tokens, DataType dtype, double tolerance) {
    EngineConfig options = OPTIONS.withDtype(dtype);
    float[][] expected;
    float[][] actual;
    try (ModelFiles files = new RandomModelFiles("random", MODEL)) {
      try (ModelRunner one = new CudaModelRunner(files, options)) {
        expected = logits(one, tokens);
      }
      try (ModelRunner two = CudaTensorParallel.runner(files, options.withGpus(List.of(0, 1)))) {
        actual = logits(two, tokens);
        assertThat(logits(two, tokens)).as("the same step again").isDeepEqualTo(actual);
      }
    }
    double error = 0;
    double size = 0;
    for (int row = 0; row < expected.length; row++) {
      for (int column = 0; column < expected[row].length; column++) {
        error += Math.pow(actual[row][column] - expected[row][column], 2);
        size += Math.pow(expected[row][column], 2);
      }
    }
    double relative = Math.sqrt(error / size);
    System.out.printf("%s tokens in %s: %.5f%n", tokens, dtype, relative);
    assertThat(relative).isPositive().isLessThan(tolerance);
  }

  /** Whole rows of some tokens, the last one included. */
  private static float[][] logits(ModelRunner runner, int tokens) {
    int[] ids = IntStream.range(0, tokens).map(i -> (i * 37 + 11) % 1000).toArray();
    int[] blocks = IntStream.rangeClosed(0, tokens / runner.blockSize()).map(i -> i + 1).toArray();
    List<LogitsRequest> requests =
        IntStream.iterate(tokens - 1, token -> token >= 0, token -> token - 13)
            .mapToObj(token -> new LogitsRequest(token, null))
            .toList();
    StepSequence sequence = new StepSequence(ids, tokens, blocks, null);
    Logits logits = runner.run(new StepBatch(List.of(sequence), List.of(), requests));
    float[][] rows = new float[logits.rows()][MODEL.vocabularySize()];
    for (int row = 0; row < rows.length; row++) {
      logits.read(row, rows[row]);
    }
    return rows;
  }
}
