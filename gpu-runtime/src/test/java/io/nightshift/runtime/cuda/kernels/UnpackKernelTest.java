package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.model.CodeType;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code unpack.cu}: every encoding against the formula, and its 8-bit numbers against those that
 * {@code quantize.cu} makes of the bf16 ones.
 */
@Tag("gpu")
class UnpackKernelTest {
  private static final int[] ROWS = {1, 7, 9, 133};

  /** Whole vectors and tails, less and more than a block has. */
  private static final int[] COLUMNS = {8, 40, 33, 256, 768, 2049, 4096, 5120};

  /** Whole vectors and parts of them. */
  private static final int[] GROUP_SIZES = {16, 32, 64, 128, 256, 10};

  /** Half a unit in the last place of bf16, and a hundredth for what f32 adds. */
  private static final double ROUNDING = 1.01 * 0x1p-8;

  private static final int GUARD = 64;

  @TempDir Path cacheFolder;

  private final Random random = new Random();

  @ParameterizedTest
  @EnumSource
  void unpacksAllEncodings(CodeType type) {
    for (int columns : COLUMNS) {
      try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
        for (int groupSize : GROUP_SIZES) {
          unpacks(kernels, type, columns, groupSize);
        }
        unpacks(kernels, type, columns, columns);
      }
    }
  }

  private void unpacks(DeviceKernels kernels, CodeType type, int columns, int groupSize) {
    int rows = ROWS[random.nextInt(ROWS.length)];
    PackedNumbers numbers = PackedNumbers.random(type, rows, columns, groupSize, random);
    PackedMatrix packed = numbers.matrix(kernels);
    UnpackKernels unpack = new UnpackKernels(kernels.library(), kernels.stream());

    DeviceMatrix bf16 = poisoned(kernels, rows, columns, DeviceElementType.BF16);
    unpack.unpack(packed, bf16);
    assertNumbers(numbers, kernels.readBf16(bf16.address(), rows * columns));
    assertUntouched(kernels, bf16);
    assertRowsOfASlice(kernels, unpack, packed, bf16);

    DeviceVector scales = new DeviceVector(kernels.poisoned(rows), rows, DeviceElementType.E8M0);
    unpack.channelScales(packed, scales);
    DeviceMatrix e4m3 = poisoned(kernels, rows, columns, DeviceElementType.E4M3);
    unpack.unpack(packed, scales, e4m3);
    assertQuantized(kernels, bf16, scales, e4m3);
    assertUntouched(kernels, e4m3);
  }

  private static DeviceMatrix poisoned(
      DeviceKernels kernels, int rows, int columns, DeviceElementType type) {
    long address = kernels.poisoned((long) rows * columns * type.bytes() + GUARD);
    return new DeviceMatrix(address, rows, columns, type);
  }

  private static void assertUntouched(DeviceKernels kernels, DeviceMatrix matrix) {
    assertThat(kernels.readBytes(matrix.address() + matrix.bytes(), GUARD))
        .containsOnly((byte) 0xFF);
  }

  private static void assertNumbers(PackedNumbers numbers, float[] actual) {
    for (int row = 0; row < numbers.rows(); row++) {
      for (int column = 0; column < numbers.columns(); column++) {
        double expected = numbers.value(row, column);
        double rounding = ROUNDING * Math.abs(expected) + 0x1p-22 * numbers.magnitude(row, column);
        assertThat(actual[row * numbers.columns() + column])
            .as("%s [%s][%s]", numbers, row, column)
            .isBetween((float) (expected - rounding), (float) (expected + rounding));
      }
    }
  }

  private void assertRowsOfASlice(
      DeviceKernels kernels, UnpackKernels unpack, PackedMatrix packed, DeviceMatrix all) {
    int first = random.nextInt(all.rowCount());
    int count = 1 + random.nextInt(all.rowCount() - first);
    DeviceMatrix some = poisoned(kernels, count, all.columns(), DeviceElementType.BF16);
    unpack.unpack(packed.rows(first, count), some);
    assertThat(kernels.readBytes(some.address(), (int) some.bytes()))
        .isEqualTo(kernels.readBytes(all.rows(first, count).address(), (int) some.bytes()));
  }

  private static void assertQuantized(
      DeviceKernels kernels, DeviceMatrix bf16, DeviceVector scales, DeviceMatrix e4m3) {
    QuantizeKernels quantize =
        new QuantizeKernels(kernels.library(), kernels.stream(), bf16.columns());
    DeviceMatrix expected =
        poisoned(kernels, bf16.rowCount(), bf16.columns(), DeviceElementType.E4M3);
    DeviceVector expectedScales =
        new DeviceVector(kernels.poisoned(bf16.rows()), bf16.rows(), DeviceElementType.E8M0);
    quantize.quantizeChannels(bf16, expected, expectedScales);
    assertThat(kernels.readBytes(scales.address(), scales.size()))
        .isEqualTo(kernels.readBytes(expectedScales.address(), scales.size()));
    assertThat(kernels.readBytes(e4m3.address(), (int) e4m3.bytes()))
        .isEqualTo(kernels.readBytes(expected.address(), (int) e4m3.bytes()));
  }
}
