package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A random operand of a GEMM: activations, whose numbers are about 1, or weights, whose products
 * with these are.
 *
 * @param values as bf16 or e4m3 has them
 * @param scales a factor of each row: 1 with bf16, a power of two of weights in e4m3
 */
record GemmOperand(int rows, int columns, boolean fp8, float[] values, float[] scales) {

  static GemmOperand activations(int rows, int columns, boolean fp8, Random random) {
    float[] scales = new float[rows];
    for (int row = 0; row < rows; row++) {
      scales[row] = fp8 ? 0.5f + random.nextFloat() : 1;
    }
    return new GemmOperand(rows, columns, fp8, values(rows * columns, 1, fp8, random), scales);
  }

  static GemmOperand weights(int rows, int columns, boolean fp8, Random random) {
    double deviation = 1 / Math.sqrt(columns);
    float[] scales = new float[rows];
    if (!fp8) {
      Arrays.fill(scales, 1);
      return new GemmOperand(
          rows, columns, false, values(rows * columns, deviation, false, random), scales);
    }
    for (int row = 0; row < rows; row++) {
      scales[row] = Math.scalb(1f, Math.getExponent(deviation) + random.nextInt(3));
    }
    return new GemmOperand(rows, columns, true, values(rows * columns, 1, true, random), scales);
  }

  private static float[] values(int count, double deviation, boolean fp8, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      double value = random.nextGaussian() * deviation;
      values[i] = fp8 ? (float) E4m3.value(E4m3.nearest(value)) : Bf16.round((float) value);
    }
    return values;
  }

  /** What one row times a row of weights gives, with a bias for each row of the weights. */
  double product(int row, GemmOperand weights, int channel, float @Nullable [] bias) {
    double sum = 0;
    for (int i = 0; i < columns; i++) {
      sum += (double) values[row * columns + i] * weights.values[channel * columns + i];
    }
    return sum * scales[row] * weights.scales[channel] + (bias == null ? 0 : bias[channel]);
  }

  /** Activations on the device. */
  GemmInput input(DeviceKernels kernels) {
    return new GemmInput(
        matrix(kernels), new DeviceVector(kernels.floats(scales), rows, DeviceElementType.F32));
  }

  /** Values on the device. */
  DeviceMatrix matrix(DeviceKernels kernels) {
    if (!fp8) {
      return new DeviceMatrix(kernels.bf16(values), rows, columns, DeviceElementType.BF16);
    }
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = E4m3.nearest(values[i]);
    }
    return new DeviceMatrix(kernels.bytes(bytes), rows, columns, DeviceElementType.E4M3);
  }

  /** Scales of weights on the device; null with bf16. */
  @Nullable DeviceVector exponents(DeviceKernels kernels) {
    if (!fp8) {
      return null;
    }
    byte[] exponents = new byte[rows];
    for (int row = 0; row < rows; row++) {
      exponents[row] = (byte) (Math.getExponent(scales[row]) + 127);
    }
    return new DeviceVector(kernels.bytes(exponents), rows, DeviceElementType.E8M0);
  }
}
