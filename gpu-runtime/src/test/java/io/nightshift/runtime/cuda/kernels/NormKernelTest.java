package io.nightshift.runtime.cuda.kernels;

import static io.nightshift.runtime.cuda.kernels.KernelRows.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code norm.cu} against sums in double precision. */
@Tag("gpu")
class NormKernelTest {
  private static final int ROWS = 7;
  private static final int TABLE_ROWS = 11;
  private static final float EPSILON = 1e-5f;

  @TempDir Path cacheFolder;
  private final Random random = new Random();

  /**
   * What surrounds the norm.
   *
   * @param deltaNorm whether delta and bias are normed
   * @param outputNorm whether the sum is normed
   */
  private record Variant(
      boolean deltaNorm, boolean outputNorm, float deltaMultiplier, float sourceMultiplier) {
    Map<String, Integer> definitions(int hidden) {
      return Map.of(
          "HIDDEN_SIZE",
          hidden,
          "NORM_DELTA",
          deltaNorm ? 1 : 0,
          "MULTIPLY",
          deltaMultiplier != 1 || sourceMultiplier != 1 ? 1 : 0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4096, false, true, 1, 1",
    "576, false, true, 1, 1",
    "56, false, true, 1, 1",
    "2560, true, true, 1, 50.5",
    "40, true, true, 1, 1",
    "2048, true, false, 1, 1",
    "2048, false, true, 0.22, 12",
    "56, true, false, 0.5, 1"
  })
  void addsSumsAndNorms(
      int hidden,
      boolean deltaNorm,
      boolean outputNorm,
      float deltaMultiplier,
      float sourceMultiplier) {
    Variant variant = new Variant(deltaNorm, outputNorm, deltaMultiplier, sourceMultiplier);
    RandomSums delta = RandomSums.of(ROWS, hidden, random);
    float[] table = RandomSums.normal(TABLE_ROWS * hidden, random);
    float[] bias = RandomSums.normal(hidden, random);
    float[] deltaWeight = RandomSums.normal(hidden, random);
    float[] weight = RandomSums.normal(hidden, random);
    int[] sources = random.ints(ROWS, 0, TABLE_ROWS).toArray();
    double[] sums = new double[ROWS * hidden];
    double[] outputs = new double[ROWS * hidden];
    for (int row = 0; row < ROWS; row++) {
      double[] added = new double[hidden];
      for (int i = 0; i < hidden; i++) {
        added[i] = delta.value(row, i) + bias[i];
      }
      added = deltaNorm ? normed(added, deltaWeight) : added;
      double[] sum = new double[hidden];
      for (int i = 0; i < hidden; i++) {
        sum[i] = sourceMultiplier * table[sources[row] * hidden + i] + deltaMultiplier * added[i];
      }
      System.arraycopy(sum, 0, sums, row * hidden, hidden);
      System.arraycopy(outputNorm ? normed(sum, weight) : sum, 0, outputs, row * hidden, hidden);
    }
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      long residual = kernels.poisoned(ROWS * hidden * Short.BYTES);
      long output = kernels.poisoned(ROWS * hidden * Short.BYTES);
      long quantized = kernels.poisoned(ROWS * hidden);
      long scales = kernels.poisoned(ROWS * Float.BYTES);
      for (boolean fp8 : new boolean[] {false, true}) {
        kernels.begin();
        delta.addTo(kernels);
        kernels
            .arguments()
            .address(kernels.floats(bias))
            .address(deltaNorm ? kernels.floats(deltaWeight) : 0)
            .real(deltaMultiplier)
            .address(kernels.ints(sources))
            .address(kernels.bf16(table))
            .real(sourceMultiplier)
            .address(residual)
            .address(outputNorm ? kernels.floats(weight) : 0)
            .real(EPSILON)
            .address(fp8 ? quantized : output);
        if (fp8) {
          kernels.arguments().address(scales);
        }
        String kernel = fp8 ? "add_rms_norm_fp8" : "add_rms_norm";
        kernels.run("norm", variant.definitions(hidden), RowLaunch.of(kernel, ROWS, hidden));
      }
      int count = ROWS * hidden;
      assertClose(KernelRows.bf16(kernels, residual, count), sums, KernelRows.BF16_ERROR);
      assertClose(KernelRows.bf16(kernels, output, count), outputs, KernelRows.BF16_ERROR);
      float[] rowScales = kernels.readFloats(scales, ROWS);
      assertClose(
          KernelRows.e4m3(kernels, quantized, rowScales, hidden), outputs, KernelRows.E4M3_ERROR);
    }
  }

  private static double[] normed(double[] row, float[] weight) {
    double squares = 0;
    for (double x : row) {
      squares += x * x;
    }
    double[] result = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      result[i] = row[i] / Math.sqrt(squares / row.length + EPSILON) * weight[i];
    }
    return result;
  }

  /** The embedding of tokens: no delta, and so nothing to norm but the rows. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void multipliesGatheredRows(boolean deltaNorm) {
    int hidden = 64;
    Variant variant = new Variant(deltaNorm, true, 0.5f, 8);
    float[] rows = RandomSums.normal(ROWS * hidden, random);
    double[] expected = new double[rows.length];
    Arrays.setAll(expected, i -> 8.0 * rows[i]);
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      long residual = kernels.poisoned(ROWS * hidden * Short.BYTES);
      kernels
          .begin()
          .address(0)
          .address(0)
          .address(0)
          .address(0)
          .address(0)
          .real(0.5f)
          .address(kernels.ints(IntStream.range(0, ROWS).toArray()))
          .address(kernels.bf16(rows))
          .real(8)
          .address(residual)
          .address(kernels.floats(RandomSums.normal(hidden, random)))
          .real(EPSILON)
          .address(kernels.poisoned(ROWS * hidden * Short.BYTES));
      kernels.run("norm", variant.definitions(hidden), RowLaunch.of("add_rms_norm", ROWS, hidden));

      assertThat(KernelRows.bf16(kernels, residual, ROWS * hidden)).isEqualTo(expected);
    }
  }

  @Test
  void aRowWithNanIsSeenAndSpoilsNoOther() {
    int hidden = 576;
    float[] rows = RandomSums.normal(ROWS * hidden, random);
    rows[3 * hidden + 17] = Float.NaN;
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      long scales = kernels.poisoned(ROWS * Float.BYTES);
      kernels
          .begin()
          .address(0)
          .address(0)
          .address(0)
          .address(0)
          .address(0)
          .real(1)
          .address(0)
          .address(kernels.bf16(rows))
          .real(1)
          .address(0)
          .address(kernels.floats(RandomSums.normal(hidden, random)))
          .real(EPSILON)
          .address(kernels.poisoned(ROWS * hidden))
          .address(scales);
      kernels.run(
          "norm",
          new Variant(false, true, 1, 1).definitions(hidden),
          RowLaunch.of("add_rms_norm_fp8", ROWS, hidden));
      float[] read = kernels.readFloats(scales, ROWS);
      for (int row = 0; row < ROWS; row++) {
        assertThat(Float.isNaN(read[row])).isEqualTo(row == 3);
      }
    }
  }
}
