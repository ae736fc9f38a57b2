package io.nightshift.runtime.cuda.kernels;

import static io.nightshift.runtime.cuda.kernels.KernelRows.assertClose;

import io.nightshift.runtime.model.Activation;
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
  @CsvSource({
    "14336, SILU",
    "1536, GELU_TANH",
    "100, SILU",
    "100, GELU_TANH",
    "72, CLAMPED_SWIGLU"
  })
  void activatesSums(int size, Activation activation) {
    // Many are beyond the bounds of the clamped one.
    RandomSums gateUp = RandomSums.of(ROWS, 2 * size, new Random()).times(4);
    double[] sums = new double[ROWS * size];
    double[] values = new double[ROWS * size];
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < size; i++) {
        int gate = row * 2 * size + i;
        sums[row * size + i] = gated(gateUp.sums()[gate], gateUp.sums()[gate + size], activation);
        values[row * size + i] =
            gated(gateUp.value(row, i), gateUp.value(row, size + i), activation);
      }
    }
    Map<String, Integer> definitions =
        Map.of("INTERMEDIATE_SIZE", size, "ACTIVATION", ActivationKernels.number(activation));
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

  private static double gated(double gate, double up, Activation activation) {
    return switch (activation) {
      case SILU -> gate / (1 + Math.exp(-gate)) * up;
      case GELU_TANH ->
          gate
              / 2
              * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (gate + 0.044715 * gate * gate * gate)))
              * up;
      case CLAMPED_SWIGLU -> {
        double low = Math.min(gate, 7);
        yield low / (1 + Math.exp(-1.702 * low)) * (Math.max(-7, Math.min(7, up)) + 1);
      }
    };
  }
}
