package io.nightshift.runtime.cuda.kernels;

import java.util.Random;

/**
 * The output of a GEMM of 8-bit numbers: sums in bf16, an f32 scale for each row and a power of two
 * for each channel.
 *
 * @param exponents of the channels' scales, plus 127
 */
record RandomSums(int rows, int channels, float[] sums, float[] rowScales, byte[] exponents) {

  static RandomSums of(int rows, int channels, Random random) {
    float[] sums = normal(rows * channels, random);
    float[] rowScales = new float[rows];
    for (int row = 0; row < rows; row++) {
      rowScales[row] = (float) Math.exp(random.nextGaussian());
    }
    byte[] exponents = new byte[channels];
    for (int channel = 0; channel < channels; channel++) {
      exponents[channel] = (byte) (124 + random.nextInt(6));
    }
    return new RandomSums(rows, channels, sums, rowScales, exponents);
  }

  /** With all sums multiplied by a power of two. */
  RandomSums times(float factor) {
    float[] multiplied = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      multiplied[i] = factor * sums[i];
    }
    return new RandomSums(rows, channels, multiplied, rowScales, exponents);
  }

  /** Normal numbers, rounded to bf16. */
  static float[] normal(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Bf16.round((float) random.nextGaussian());
    }
    return values;
  }

  /** What a sum stands for. */
  double value(int row, int channel) {
    return Math.scalb(
        (double) sums[row * channels + channel] * rowScales[row],
        Byte.toUnsignedInt(exponents[channel]) - 127);
  }

  /** Adds the three arrays to a kernel's arguments. */
  void addTo(DeviceKernels kernels) {
    long deviceSums = kernels.bf16(sums);
    long deviceRowScales = kernels.floats(rowScales);
    long deviceChannelScales = kernels.bytes(exponents);
    kernels.arguments().address(deviceSums).address(deviceRowScales).address(deviceChannelScales);
  }
}
