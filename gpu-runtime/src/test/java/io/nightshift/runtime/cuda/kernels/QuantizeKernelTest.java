package io.nightshift.runtime.cuda.kernels;

import static io.nightshift.runtime.cuda.kernels.KernelRows.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code quantize.cu}: rows of very different sizes, one of zeros and one with a NaN. */
@Tag("gpu")
class QuantizeKernelTest {
  private static final int ROWS = 9;
  private static final int ZEROS = 2;
  private static final int NAN = 5;

  @TempDir Path cacheFolder;

  @ParameterizedTest
  @ValueSource(ints = {14_336, 4096, 40})
  void roundsRowsAndChannels(int columns) {
    float[] rows = RandomSums.normal(ROWS * columns, new Random());
    double[] expected = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int row = i / columns;
      rows[i] = row == ZEROS ? 0 : Math.scalb(rows[i], 4 * row - 20);
      expected[i] = rows[i];
    }
    rows[NAN * columns + 1] = Float.NaN;
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      long source = kernels.bf16(rows);
      long quantized = kernels.poisoned(rows.length);
      long scales = kernels.poisoned(ROWS * Float.BYTES);
      run(kernels, "quantize_rows", columns, source, quantized, scales);
      assertRows(kernels, quantized, kernels.readFloats(scales, ROWS), columns, expected);

      long channels = kernels.poisoned(rows.length);
      long exponents = kernels.poisoned(ROWS);
      run(kernels, "quantize_channels", columns, source, channels, exponents);
      byte[] exponentBytes = kernels.readBytes(exponents, ROWS);
      float[] powers = new float[ROWS];
      for (int row = 0; row < ROWS; row++) {
        powers[row] =
            exponentBytes[row] == -1
                ? Float.NaN
                : Math.scalb(1f, Byte.toUnsignedInt(exponentBytes[row]) - 127);
      }
      assertRows(kernels, channels, powers, columns, expected);
    }
  }

  private static void run(
      DeviceKernels kernels, String kernel, int columns, long source, long target, long scales) {
    kernels.begin().address(source).address(target).address(scales);
    kernels.run("quantize", Map.of("COLUMNS", columns), RowLaunch.of(kernel, ROWS, columns));
  }

  private static void assertRows(
      DeviceKernels kernels, long target, float[] scales, int columns, double[] expected) {
    double[] numbers = KernelRows.e4m3(kernels, target, scales, columns);
    for (int row = 0; row < ROWS; row++) {
      double[] own = new double[columns];
      double[] wanted = new double[columns];
      System.arraycopy(numbers, row * columns, own, 0, columns);
      System.arraycopy(expected, row * columns, wanted, 0, columns);
      if (row == NAN) {
        assertThat(scales[row]).isNaN();
      } else if (row == ZEROS) {
        assertThat(own).containsOnly(0);
      } else {
        assertClose(own, wanted, KernelRows.E4M3_ERROR);
      }
    }
  }
}
