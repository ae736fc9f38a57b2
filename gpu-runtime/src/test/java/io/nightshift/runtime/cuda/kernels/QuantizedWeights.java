package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.kernels.WeightTileKernels.RowMajor;
import io.nightshift.runtime.model.CodeType;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Random quantized weights of about 1 / sqrt(inputs), as a checkpoint may have them.
 *
 * @param codes one for each weight
 * @param scales of groups of inputs, exactly f16
 * @param offsets of groups, exactly f16; null if there are none
 * @param rowScales powers of two of the outputs
 */
record QuantizedWeights(
    CodeType type,
    int outputs,
    int inputs,
    int groupSize,
    byte[] codes,
    float[] scales,
    float @Nullable [] offsets,
    float[] rowScales) {

  static QuantizedWeights random(
      CodeType type, int outputs, int inputs, int groupSize, boolean hasOffsets, Random random) {
    byte[] codes = new byte[outputs * inputs];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = code(type, random);
    }
    int groups = (inputs + groupSize - 1) / groupSize;
    float[] scales = new float[outputs * groups];
    float[] offsets = hasOffsets ? new float[outputs * groups] : null;
    double deviation = 1 / (Math.sqrt(inputs) * spread(type));
    for (int i = 0; i < scales.length; i++) {
      scales[i] = f16(deviation * (0.5 + random.nextDouble()));
      if (offsets != null) {
        offsets[i] = f16(scales[i] * spread(type) * random.nextGaussian());
      }
    }
    float[] rowScales = new float[outputs];
    for (int output = 0; output < outputs; output++) {
      rowScales[output] = Math.scalb(1f, random.nextInt(4) - 2);
    }
    return new QuantizedWeights(
        type, outputs, inputs, groupSize, codes, scales, offsets, rowScales);
  }

  private static byte code(CodeType type, Random random) {
    byte code = (byte) random.nextInt(1 << type.bits());
    boolean isNan = type == CodeType.E4M3 && (code & 0x7F) == 0x7F;
    return isNan ? 0 : code;
  }

  /** The deviation of the values of random codes. */
  private static double spread(CodeType type) {
    return switch (type) {
      case UINT4 -> 5;
      case E2M1 -> 3;
      case IQ4, INT8 -> 74;
      case E4M3 -> 120;
    };
  }

  private static float f16(double value) {
    return Half.value(Half.nearest((float) value));
  }

  /** A weight, without rounding. */
  double weight(int output, int input) {
    int group = output * ((inputs + groupSize - 1) / groupSize) + input / groupSize;
    double offset = offsets == null ? 0 : offsets[group];
    return ((double) scales[group] * type.value(codes[output * inputs + input]) + offset)
        * rowScales[output];
  }

  /** Powers of two that bring each output's weights into the range of e4m3, as e8m0. */
  byte[] channelExponents() {
    byte[] exponents = new byte[outputs];
    for (int output = 0; output < outputs; output++) {
      double largest = 0;
      for (int input = 0; input < inputs; input++) {
        largest = Math.max(largest, Math.abs(weight(output, input)));
      }
      int exponent = Math.getExponent(largest / 448);
      exponents[output] = (byte) (exponent + 1 + 127);
    }
    return exponents;
  }

  /** On the device, row by row. */
  RowMajor rowMajor(DeviceKernels kernels) {
    int rowBytes = (inputs * type.bits() / Byte.SIZE + 15) / 16 * 16;
    byte[] packed = new byte[outputs * rowBytes];
    for (int output = 0; output < outputs; output++) {
      for (int input = 0; input < inputs; input++) {
        byte code = codes[output * inputs + input];
        int at = output * rowBytes + input * type.bits() / Byte.SIZE;
        packed[at] |= (byte) (type.bits() == 4 ? code << input % 2 * 4 : code);
      }
    }
    return new RowMajor(
        new DeviceMatrix(kernels.bytes(packed), outputs, rowBytes, DeviceElementType.UINT8),
        halves(kernels, scales),
        offsets == null ? null : halves(kernels, offsets),
        groupSize);
  }

  private static DeviceVector halves(DeviceKernels kernels, float[] values) {
    byte[] bytes = new byte[values.length * Short.BYTES];
    for (int i = 0; i < values.length; i++) {
      int bits = Half.nearest(values[i]);
      bytes[2 * i] = (byte) bits;
      bytes[2 * i + 1] = (byte) (bits >>> 8);
    }
    return new DeviceVector(kernels.bytes(bytes), bytes.length, DeviceElementType.UINT8);
  }

  /** On the device, in tiles. */
  TiledWeights tiled(DeviceKernels kernels, boolean fp8) {
    TileFormat format = TileFormat.of(type, groupSize, fp8);
    long bytes = format.bytes(outputs, inputs);
    DeviceVector factors =
        new DeviceVector(kernels.floats(rowScales), outputs, DeviceElementType.F32);
    TiledWeights tiled =
        new TiledWeights(
            format,
            outputs,
            inputs,
            new DeviceVector(kernels.poisoned(bytes), bytes, DeviceElementType.UINT8));
    DeviceVector exponents =
        new DeviceVector(kernels.bytes(channelExponents()), outputs, DeviceElementType.E8M0);
    new WeightTileKernels(kernels.library(), kernels.stream(), format)
        .tile(rowMajor(kernels), factors, fp8 ? exponents : null, tiled);
    return tiled;
  }
}
