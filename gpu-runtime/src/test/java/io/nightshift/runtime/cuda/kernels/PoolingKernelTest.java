package io.nightshift.runtime.cuda.kernels;

import static io.nightshift.runtime.cuda.kernels.KernelRows.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.device.KernelLaunch;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pooling.cu} against sums in double precision. */
@Tag("gpu")
class PoolingKernelTest {
  private static final int ROWS = 700;
  private static final double F32_ERROR = 1e-5;
  private static final int[][] RANGES = {{0, 1}, {3, 40}, {699, 1}, {50, 640}, {3, 1}};

  @TempDir Path cacheFolder;

  @ParameterizedTest
  @ValueSource(ints = {4096, 576, 40, 33})
  void sumsRowsOfEachRange(int columns) {
    float[] states = RandomSums.normal(ROWS * columns, new Random());
    for (int i = 0; i < states.length; i++) {
      states[i] = Bf16.round(states[i]);
    }
    // Rows that no range has: what is read there would be seen.
    for (int row : new int[] {1, 2, 43, 49, 690, 698}) {
      for (int i = 0; i < columns; i++) {
        states[row * columns + i] = Float.NaN;
      }
    }
    int count = RANGES.length * columns;
    double[] expected = new double[count];
    int[] ranges = new int[2 * RANGES.length];
    for (int r = 0; r < RANGES.length; r++) {
      ranges[2 * r] = RANGES[r][0];
      ranges[2 * r + 1] = RANGES[r][1];
      for (int row = RANGES[r][0]; row < RANGES[r][0] + RANGES[r][1]; row++) {
        for (int i = 0; i < columns; i++) {
          expected[r * columns + i] += states[row * columns + i];
        }
      }
    }
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      long sums = kernels.poisoned((count + 1L) * Float.BYTES);
      kernels
          .begin()
          .address(kernels.bf16(states))
          .integer(columns)
          .address(kernels.ints(ranges))
          .address(sums);
      kernels.run(
          "pooling",
          Map.of(),
          new KernelLaunch("sum_rows", RANGES.length, (columns + 255) / 256, 1, 256, 0));

      float[] read = kernels.readFloats(sums, count + 1);
      double[] computed = new double[count];
      for (int i = 0; i < count; i++) {
        computed[i] = read[i];
      }
      assertClose(computed, expected, F32_ERROR);
      assertThat(read[count]).isNaN();
    }
  }
}
