package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans of random steps done by {@code attention.cu} and by {@link AttentionReference}. */
@Tag("gpu")
class AttentionKernelTest {
  private static final int BLOCK_SIZE = 8;
  private static final int BLOCKS = 1024;

  /** What scores are, and whether heads have sinks. */
  private record Scores(float scale, float softCap, boolean sinks) {
    static Scores plain(int headSize) {
      return new Scores((float) (1 / Math.sqrt(headSize)), 0, false);
    }
  }

  @TempDir Path cacheFolder;
  private final Random random = new Random();

  /** The largest windows hide nothing from most sequences that share a prefix, or from all. */
  @ParameterizedTest
  @CsvSource({
    "128,4,0",
    "64,4,0",
    "64,3,0",
    "80,1,0",
    "96,7,30",
    "256,2,0",
    "12,2,9",
    "8,5,0",
    "20,2,0",
    "24,3,17",
    "256,2,996",
    "128,4,1000"
  })
  void computesPlansOfRandomSteps(int headSize, int group, int window) {
    computesPlans(headSize, group, window, 0, Scores.plain(headSize));
  }

  /** Scores that the cap changes much, as those of large queries. */
  @ParameterizedTest
  @CsvSource({"128,4,0", "256,2,100", "64,8,0", "80,3,30", "20,2,9"})
  void capsScores(int headSize, int group, int window) {
    computesPlans(headSize, group, window, 0, new Scores(0.5f, 3, false));
    computesPlans(headSize, group, window, 0.004, new Scores(0.3f, 5, false));
  }

  @ParameterizedTest
  @CsvSource({"128,4,0", "256,2,100", "64,8,128", "80,3,30", "20,2,0"})
  void addsSinksOnce(int headSize, int group, int window) {
    computesPlans(headSize, group, window, 0, new Scores(0.2f, 0, true));
    computesPlans(headSize, group, window, 0, new Scores(0.4f, 4, true));
  }

  /** Keys that are NaN, beside values that are zeros: as {@code rotary.cu} has them. */
  @ParameterizedTest
  @CsvSource({"128,4,0", "64,4,0", "80,1,0", "96,7,30", "256,2,0", "12,2,9"})
  void aKeyThatIsNotFiniteSpoilsOnlyTheRowsThatSeeIt(int headSize, int group, int window) {
    computesPlans(headSize, group, window, 0.004, Scores.plain(headSize));
  }

  private void computesPlans(int headSize, int group, int window, double spoiled, Scores scores) {
    RandomAttentionSteps steps = new RandomAttentionSteps(random, BLOCK_SIZE, BLOCKS);
    for (int round = 0; round < 4; round++) {
      List<StepSequence> sequences = round == 0 ? steps.sharing(90, 120) : steps.random(12);
      ForwardBatch batch = steps.batch(sequences);
      try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
        AttentionShape shape = new AttentionShape(headSize, group, false, kernels.isHopper());
        AttentionPlan plan =
            new AttentionPlanner(shape, 1, BLOCK_SIZE, window, 132, 100_000)
                .plan(batch, batch.allRows());
        check(kernels, shape, plan, batch.tokens(), spoiled, scores);
      }
    }
  }

  private void check(
      DeviceKernels kernels,
      AttentionShape shape,
      AttentionPlan plan,
      int rows,
      double spoiled,
      Scores scores) {
    int size = shape.headSize();
    int group = shape.group();
    double[][] queries = normal(rows * group, size);
    double[][] keys = normal(BLOCKS * BLOCK_SIZE, size);
    double[][] values = normal(BLOCKS * BLOCK_SIZE, size);
    for (int slot = 0; slot < keys.length; slot++) {
      if (random.nextDouble() < spoiled) {
        Arrays.fill(keys[slot], Double.NaN);
        Arrays.fill(values[slot], 0);
      }
    }
    long deviceQueries = kernels.bf16(padded(queries, shape.headStride()));
    long deviceKeys = kernels.bf16(padded(keys, shape.headStride()));
    long deviceValues = kernels.bf16(padded(values, shape.headStride()));
    long output = kernels.poisoned((long) rows * group * size * Short.BYTES);
    long partials = kernels.poisoned((plan.merges().partials() + 1L) * group * size * Float.BYTES);
    long logSums = kernels.poisoned((plan.merges().partials() + 1L) * group * Float.BYTES);
    float[] sinks = new float[group];
    for (int head = 0; head < group; head++) {
      sinks[head] = (float) (4 * random.nextGaussian());
    }
    long deviceSinks = scores.sinks() ? kernels.floats(sinks) : 0;
    Map<String, Integer> definitions =
        Map.of(
            "HEAD_SIZE",
            size,
            "QUERY_GROUP",
            group,
            "BLOCK_SIZE",
            BLOCK_SIZE,
            "KV_FP8",
            0,
            "SOFT_CAP",
            scores.softCap() > 0 ? 1 : 0,
            "SINKS",
            scores.sinks() ? 1 : 0);
    long rowList = kernels.ints(plan.rows());
    long treeMasks = kernels.ints(plan.treeMasks());
    long blockTables = kernels.ints(plan.blockTables());
    for (int i = 0; i < AttentionShape.HEIGHTS.size(); i++) {
      int pieces = plan.pieceCount(i);
      int height = AttentionShape.HEIGHTS.get(i);
      if (pieces > 0) {
        KernelArguments arguments =
            kernels
                .begin()
                .address(deviceQueries)
                .address(deviceKeys)
                .address(deviceValues)
                .address(0)
                .address(0)
                .address(kernels.ints(plan.pieces().get(i)))
                .address(rowList)
                .address(treeMasks)
                .address(blockTables)
                .address(output)
                .address(partials)
                .address(logSums)
                .integer(1)
                .real(scores.scale())
                .real(scores.softCap())
                .address(deviceSinks);
        if (shape.inWarpgroups(height)) {
          arguments.integer(pieces);
        }
        // Fewer blocks than multiprocessors: each does many pieces.
        kernels.run(shape.source(height), definitions, shape.launch(height, pieces, 1, 3));
      }
    }
    if (plan.merges().count() > 0) {
      kernels
          .begin()
          .address(partials)
          .address(logSums)
          .address(kernels.ints(plan.merges().list()))
          .address(kernels.ints(plan.merges().sources()))
          .address(output)
          .address(deviceSinks)
          .integer(group);
      kernels.run("attention", definitions, shape.mergeLaunch(plan.merges().count(), 1));
    }
    float[] computed = kernels.readBf16(output, rows * group * size);
    for (int head = 0; head < group; head++) {
      int h = head;
      double[][] ofHead = new double[rows][];
      Arrays.setAll(ofHead, row -> queries[row * group + h]);
      AttentionReference.Scoring scoring =
          new AttentionReference.Scoring(
              scores.scale(),
              scores.softCap(),
              scores.sinks() ? sinks[head] : Double.NEGATIVE_INFINITY);
      double[][] expected =
          new AttentionReference(ofHead, keys, values, BLOCK_SIZE, scoring).run(plan);
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < size; i++) {
          double value = computed[(row * group + head) * size + i];
          if (Double.isNaN(expected[row][i])) {
            assertThat(value).isNaN();
          } else {
            // Weights and output are rounded to bf16.
            double error = 0.02 + Math.abs(expected[row][i]) / 128;
            assertThat(value).isCloseTo(expected[row][i], within(error));
          }
        }
      }
    }
  }

  private double[][] normal(int rows, int size) {
    double[][] result = new double[rows][size];
    for (double[] row : result) {
      Arrays.setAll(row, i -> Bf16.round((float) random.nextGaussian()));
    }
    return result;
  }

  private static float[] padded(double[][] rows, int stride) {
    float[] result = new float[rows.length * stride];
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < rows[row].length; i++) {
        result[row * stride + i] = (float) rows[row][i];
      }
    }
    return result;
  }
}
