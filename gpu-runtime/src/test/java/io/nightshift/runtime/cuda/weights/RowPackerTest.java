package io.nightshift.runtime.cuda.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.kernels.PackedMatrix;
import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is packed stands for the tensor's numbers, also where scales are far from one another. */
class RowPackerTest {
  private static final int GROUP_SIZE = 32;

  /** That of f16's rounding, for a scale and for an offset. */
  private static final double ROUNDING = 0x1p-11;

  private final Random random = new Random();

  @ParameterizedTest
  @EnumSource
  void keepsTheNumbers(CodeType type) {
    for (int columns : new int[] {1, 31, 64, 77}) {
      for (boolean offsets : new boolean[] {false, true}) {
        for (int exponent : new int[] {-40, -18, -8, 0, 10, 30}) {
          assertKept(new Rows(new Quantization(type, GROUP_SIZE, offsets), columns, exponent));
        }
      }
    }
  }

  private void assertKept(Rows tensor) {
    Quantization encoding = tensor.quantization();
    int groups = encoding.groupCount(tensor.columns());
    RowPacker packer = new RowPacker(tensor);
    ByteBuffer codes = buffer(PackedMatrix.codeBytes(encoding.codes(), tensor.columns()));
    ByteBuffer scales = buffer(groups * Short.BYTES);
    ByteBuffer offsets = buffer(groups * Short.BYTES);
    ByteBuffer rowScale = buffer(Float.BYTES);

    boolean scaled = packer.pack(0, codes, scales, offsets, rowScale);

    assertThat(codes.hasRemaining() || scales.hasRemaining()).isFalse();
    assertThat(scaled).isEqualTo(rowScale.getFloat(0) != 1);
    float[] expected = new float[tensor.columns()];
    tensor.readRows(0, 1, expected, 0);
    for (int column = 0; column < expected.length; column++) {
      int group = column / GROUP_SIZE;
      double scale = half(scales, group) * (double) rowScale.getFloat(0);
      double offset =
          encoding.hasOffsets() ? half(offsets, group) * (double) rowScale.getFloat(0) : 0;
      double value = encoding.codes().value(code(encoding.codes(), codes, column));
      double exact = Math.abs(tensor.scales[group] * value) + Math.abs(tensor.offsets[group]);
      assertThat(scale * value + offset)
          .isBetween(
              expected[column] - ROUNDING * exact - 1e-44,
              expected[column] + ROUNDING * exact + 1e-44);
    }
  }

  private static float half(ByteBuffer halves, int index) {
    return HalfTest.value(halves.getShort(index * Short.BYTES) & 0xFFFF);
  }

  private static byte code(CodeType type, ByteBuffer codes, int column) {
    return type.bits() == Byte.SIZE
        ? codes.get(column)
        : (byte) (codes.get(column / 2) >> 4 * (column % 2) & 15);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** One row of random codes, with scales around a power of two. */
  private final class Rows implements QuantizedTensor {
    private final Quantization encoding;
    private final byte[] codes;
    private final float[] scales;
    private final float[] offsets;

    Rows(Quantization encoding, int columns, int exponent) {
      this.encoding = encoding;
      codes = new byte[columns];
      random.nextBytes(codes);
      for (int i = 0; i < columns; i++) {
        codes[i] =
            encoding.codes().bits() == 4
                ? (byte) (codes[i] & 15)
                : Float.isNaN(encoding.codes().value(codes[i])) ? 1 : codes[i];
      }
      scales = new float[encoding.groupCount(columns)];
      offsets = new float[scales.length];
      for (int group = 0; group < scales.length; group++) {
        scales[group] = Math.scalb(0.5f + random.nextFloat(), exponent);
        offsets[group] =
            encoding.hasOffsets() ? Math.scalb((float) random.nextGaussian(), exponent + 3) : 0;
      }
    }

    @Override
    public Quantization quantization() {
      return encoding;
    }

    @Override
    public void readCodes(int row, byte[] target, int offset) {
      System.arraycopy(codes, 0, target, offset, codes.length);
    }

    @Override
    public void readGroups(int row, float[] scalesOut, float[] offsetsOut) {
      System.arraycopy(scales, 0, scalesOut, 0, scales.length);
      System.arraycopy(offsets, 0, offsetsOut, 0, offsets.length);
    }

    @Override
    public String name() {
      return "rows";
    }

    @Override
    public int rows() {
      return 1;
    }

    @Override
    public int columns() {
      return codes.length;
    }
  }
}
