package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.model.CodeType;
import java.nio.ByteBuffer;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Random quantized weights: codes of all values but NaN, and scales and offsets that f16 has.
 *
 * @param codes one a byte
 * @param groups of the columns
 * @param rowScales powers of two
 */
record PackedNumbers(
    CodeType type,
    int rows,
    int columns,
    int groupSize,
    byte[] codes,
    float[] scales,
    float @Nullable [] offsets,
    float @Nullable [] rowScales,
    int @Nullable [] groups) {

  /** With or without offsets, row scales and listed groups, as chance has it. */
  static PackedNumbers random(CodeType type, int rows, int columns, int groupSize, Random random) {
    byte[] codes = new byte[rows * columns];
    random.nextBytes(codes);
    for (int i = 0; i < codes.length; i++) {
      codes[i] =
          type.bits() == 4
              ? (byte) (codes[i] & 15)
              : Float.isNaN(type.value(codes[i])) ? 0 : codes[i];
    }
    int groupCount = (columns + groupSize - 1) / groupSize;
    float[] rowScales = null;
    if (random.nextBoolean()) {
      rowScales = new float[rows];
      for (int row = 0; row < rows; row++) {
        rowScales[row] = Math.scalb(1f, random.nextInt(41) - 20);
      }
    }
    int[] groups = null;
    if (random.nextBoolean()) {
      groups = random.ints(columns, 0, groupCount).toArray();
    }
    return new PackedNumbers(
        type,
        rows,
        columns,
        groupSize,
        codes,
        halves(rows * groupCount, random),
        random.nextBoolean() ? halves(rows * groupCount, random) : null,
        rowScales,
        groups);
  }

  /** Numbers of ten bits of fraction. */
  private static float[] halves(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (random.nextInt(4095) - 2047) * Math.scalb(1f, -14 - random.nextInt(3));
    }
    return values;
  }

  int groupCount() {
    return (columns + groupSize - 1) / groupSize;
  }

  private int group(int column) {
    return groups == null ? column / groupSize : groups[column];
  }

  /** An element. */
  double value(int row, int column) {
    int at = row * groupCount() + group(column);
    double number = (double) scales[at] * type.value(codes[row * columns + column]);
    return (number + (offsets == null ? 0 : offsets[at])) * rowScale(row);
  }

  /** The magnitude of what is added to an element. */
  double magnitude(int row, int column) {
    int at = row * groupCount() + group(column);
    return Math.abs((double) scales[at] * type.value(codes[row * columns + column]))
        * rowScale(row);
  }

  private double rowScale(int row) {
    return rowScales == null ? 1 : rowScales[row];
  }

  /** The weights on the device. */
  PackedMatrix matrix(DeviceKernels kernels) {
    int bytes = PackedMatrix.codeBytes(type, columns);
    byte[] packed = new byte[rows * bytes];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        byte code = codes[row * columns + column];
        if (type.bits() == 4) {
          packed[row * bytes + column / 2] |= (byte) (code << 4 * (column % 2));
        } else {
          packed[row * bytes + column] = code;
        }
      }
    }
    return new PackedMatrix(
        type,
        columns,
        groupSize,
        new DeviceMatrix(kernels.bytes(packed), rows, bytes, DeviceElementType.UINT8),
        f16(kernels, scales),
        offsets == null ? null : f16(kernels, offsets),
        rowScales == null
            ? null
            : new DeviceVector(kernels.floats(rowScales), rows, DeviceElementType.F32),
        groups == null
            ? null
            : new DeviceVector(kernels.ints(groups), columns, DeviceElementType.INT32));
  }

  private DeviceMatrix f16(DeviceKernels kernels, float[] values) {
    ByteBuffer bytes = DeviceKernels.buffer(values.length * Short.BYTES);
    for (float value : values) {
      bytes.putShort(half(value));
    }
    return new DeviceMatrix(
        kernels.upload(bytes.rewind()), rows, groupCount(), DeviceElementType.F16);
  }

  /** A number that f16 has, among its normal ones or zero. */
  private static short half(float value) {
    int sign = value < 0 ? 0x8000 : 0;
    float magnitude = Math.abs(value);
    if (magnitude < 0x1p-14f) {
      return (short) (sign | (int) (magnitude * 0x1p24f));
    }
    int bits = Float.floatToRawIntBits(magnitude);
    return (short) (sign | bits - (112 << 23) >> 13);
  }

  @Override
  public String toString() {
    return "%s [%s, %s] groups of %s%s%s%s"
        .formatted(
            type,
            rows,
            columns,
            groupSize,
            offsets == null ? "" : ", offsets",
            rowScales == null ? "" : ", row scales",
            groups == null ? "" : ", listed groups");
  }
}
