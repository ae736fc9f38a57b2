package io.nightshift.runtime.cuda.kernels;

import static io.nightshift.runtime.cuda.kernels.KernelRows.assertClose;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code activation.cu} against double precision. */
@Tag("gpu")
class ActivationKernelTest {
  private static final int ROWS = 5;

  @TempDir Path cacheFolder;

  @ParameterizedTest
  @CsvSource({"14336, false", "1536, true", "100, false"})
  void activatesSums(int size, boolean gelu) {
    RandomSums gateUp = RandomSums.of(ROWS, 2 * size, new Random());
    double[] sums = new double[ROWS * size];
    double[] values = new double[ROWS * size];
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < size; i++) {
        int gate = row * 2 * size + i;
        sums[row * size + i] = activation(gateUp.sums()[gate], gelu) * gateUp.sums()[gate + size];
        values[row * size + i] =
            activation(gateUp.value(row, i), gelu) * gateUp.value(row, size + i);
      }
    }
    Map<String, Integer> definitions = Map.of("INTERMEDIATE_SIZE", size, "GELU", gelu ? 1 : 0);
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      long output = kernels.poisoned(ROWS * size * Short.BYTES);
      long quantized = kernels.poisoned(ROWS * size);
      long scales = kernels.poisoned(ROWS * Float.BYTES);
      long source = kernels.bf16(gateUp.sums());
      kernels.begin().address(source).address(output);
      kernels.run("activation", definitions, RowLaunch.of("gated_activation", ROWS, size));
      kernels.begin();
      gateUp.addTo(kernels);
      kernels.arguments().address(quantized).address(scales);
      kernels.run("activation", definitions, RowLaunch.of("gated_activation_fp8", ROWS, size));

      assertClose(KernelRows.bf16(kernels, output, ROWS * size), sums, KernelRows.BF16_ERROR);
      float[] rowScales = kernels.readFloats(scales, ROWS);
      assertClose(
          KernelRows.e4m3(kernels, quantized, rowScales, size), values, KernelRows.E4M3_ERROR);
    }
  }

  private static double activation(double x, boolean gelu) {
    return gelu
        ? x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))
        : x / (1 + Math.exp(-x));
  }
}
