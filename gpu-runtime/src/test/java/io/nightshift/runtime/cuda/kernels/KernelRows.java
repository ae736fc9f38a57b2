package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

/** Rows that a kernel wrote, as numbers, and how far they are off. */
final class KernelRows {
  /** What rounding to bf16 explains. */
  static final double BF16_ERROR = 4e-3;

  /** What rounding to e4m3 explains. */
  static final double E4M3_ERROR = 4e-2;

  private KernelRows() {}

  static double[] bf16(DeviceKernels kernels, long address, int count) {
    float[] values = kernels.readBf16(address, count);
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = values[i];
    }
    return numbers;
  }

  /** Rows of e4m3 with a scale each. */
  static double[] e4m3(DeviceKernels kernels, long address, float[] scales, int columns) {
    byte[] bits = kernels.readBytes(address, scales.length * columns);
    double[] numbers = new double[bits.length];
    for (int i = 0; i < bits.length; i++) {
      numbers[i] = scales[i / columns] * E4m3.value(bits[i]);
    }
    return numbers;
  }

  /** Norm of the difference over the norm of what is expected; NaN passes never. */
  static void assertClose(double[] actual, double[] expected, double limit) {
    assertThat(actual).hasSameSizeAs(expected);
    double differences = 0;
    double squares = 0;
    for (int i = 0; i < expected.length; i++) {
      differences += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      squares += expected[i] * expected[i];
    }
    assertThat(Math.sqrt(differences / squares)).isLessThan(limit);
  }
}
