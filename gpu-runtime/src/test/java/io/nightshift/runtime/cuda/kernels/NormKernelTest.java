package io.nightshift.runtime.cuda.kernels;

import static io.nightshift.runtime.cuda.kernels.KernelRows.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code norm.cu} against sums in double precision. */
@Tag("gpu")
class NormKernelTest {
  private static final int ROWS = 7;
  private static final int TABLE_ROWS = 11;
  private static final float EPSILON = 1e-5f;

  @TempDir Path cacheFolder;
  private final Random random = new Random();

  @ParameterizedTest
  @ValueSource(ints = {4096, 576, 56})
  void addsSumsAndNorms(int hidden) {
    RandomSums delta = RandomSums.of(ROWS, hidden, random);
    float[] table = RandomSums.normal(TABLE_ROWS * hidden, random);
    float[] bias = RandomSums.normal(hidden, random);
    float[] weight = RandomSums.normal(hidden, random);
    int[] sources = random.ints(ROWS, 0, TABLE_ROWS).toArray();
    double[] sums = new double[ROWS * hidden];
    double[] normed = new double[ROWS * hidden];
    for (int row = 0; row < ROWS; row++) {
      double squares = 0;
      for (int i = 0; i < hidden; i++) {
        double sum = table[sources[row] * hidden + i] + delta.value(row, i) + bias[i];
        sums[row * hidden + i] = sum;
        squares += sum * sum;
      }
      for (int i = 0; i < hidden; i++) {
        normed[row * hidden + i] =
            sums[row * hidden + i] / Math.sqrt(squares / hidden + EPSILON) * weight[i];
      }
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
            .address(kernels.ints(sources))
            .address(kernels.bf16(table))
            .address(residual)
            .address(kernels.floats(weight))
            .real(EPSILON)
            .address(fp8 ? quantized : output);
        if (fp8) {
          kernels.arguments().address(scales);
        }
        String kernel = fp8 ? "add_rms_norm_fp8" : "add_rms_norm";
        kernels.run("norm", Map.of("HIDDEN_SIZE", hidden), RowLaunch.of(kernel, ROWS, hidden));
      }
      int count = ROWS * hidden;
      assertClose(KernelRows.bf16(kernels, residual, count), sums, KernelRows.BF16_ERROR);
      assertClose(KernelRows.bf16(kernels, output, count), normed, KernelRows.BF16_ERROR);
      float[] rowScales = kernels.readFloats(scales, ROWS);
      assertClose(
          KernelRows.e4m3(kernels, quantized, rowScales, hidden), normed, KernelRows.E4M3_ERROR);
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
          .address(kernels.bf16(rows))
          .address(0)
          .address(kernels.floats(RandomSums.normal(hidden, random)))
          .real(EPSILON)
          .address(kernels.poisoned(ROWS * hidden))
          .address(scales);
      kernels.run(
          "norm", Map.of("HIDDEN_SIZE", hidden), RowLaunch.of("add_rms_norm_fp8", ROWS, hidden));
      float[] read = kernels.readFloats(scales, ROWS);
      for (int row = 0; row < ROWS; row++) {
        assertThat(Float.isNaN(read[row])).isEqualTo(row == 3);
      }
    }
  }
}
