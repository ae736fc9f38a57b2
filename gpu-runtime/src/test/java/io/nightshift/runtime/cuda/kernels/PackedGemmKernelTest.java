package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.model.CodeType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * GEMMs with packed weights against double precision, and unpacked weights against their formula.
 * The kernels are Hopper's.
 */
@Tag("gpu")
class PackedGemmKernelTest {
  private static final int BYTES = 256 << 20;

  /** Rows behind the last one, which must stay as they are. */
  private static final int MORE_ROWS = 3;

  /** Of so many neighbouring outputs, one is computed on the CPU. */
  private static final int OUTPUTS_PER_SAMPLE = 29;

  /**
   * Rounding of scales, offsets, weights and sums to bf16; few sums may be off by twice as much.
   */
  private static final double BF16_ERROR = 8e-3;

  /** Rounding of weights to e4m3, likewise. */
  private static final double FP8_ERROR = 6e-2;

  @TempDir static Path cacheFolder;
  private final Random random = new Random();

  @ParameterizedTest
  @CsvSource({
    // code type, group, offsets, fp8, outputs, inputs
    "UINT4, 128, true, false, 512, 4096",
    "UINT4, 128, false, true, 512, 4096",
    "UINT4, 32, true, true, 384, 1024",
    "UINT4, 64, true, false, 192, 14336",
    "UINT4, 16, false, false, 128, 512",
    "UINT4, 256, true, false, 256, 1024",
    "UINT4, 576, true, false, 64, 576",
    "E2M1, 32, false, false, 512, 2880",
    "E2M1, 32, false, true, 512, 2880",
    "E2M1, 16, false, false, 320, 896",
    "IQ4, 32, false, false, 640, 2048",
    "IQ4, 64, true, true, 640, 2048",
    "IQ4, 96, true, true, 128, 960",
    "INT8, 32, false, false, 576, 1536",
    "INT8, 128, true, true, 576, 1536",
    "E4M3, 128, false, false, 130, 208",
    "E4M3, 128, true, true, 62, 16",
  })
  void multiplies(
      CodeType type, int groupSize, boolean offsets, boolean fp8, int outputs, int inputs) {
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder, BYTES);
        PackedGemmKernels gemms = new PackedGemmKernels(kernels.library(), kernels.stream())) {
      QuantizedWeights weights =
          QuantizedWeights.random(type, outputs, inputs, groupSize, offsets, random);
      TiledWeights tiled = weights.tiled(kernels, fp8);
      assertUnpacked(kernels, weights, tiled);
      for (int rows : new int[] {1, 33, 257}) {
        check(kernels, gemms, weights, tiled, likeliest(rows), rows, false, 1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void multipliesInTilesOfAllSizes(boolean fp8) {
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder, BYTES);
        PackedGemmKernels gemms = new PackedGemmKernels(kernels.library(), kernels.stream())) {
      QuantizedWeights weights =
          QuantizedWeights.random(CodeType.UINT4, 1088, 1664, 128, true, random);
      TiledWeights tiled = weights.tiled(kernels, fp8);
      for (PackedGemmTile tile : PackedGemmTile.ALL) {
        for (int rows : new int[] {1, tile.rows(), tile.rows() + 1, 3 * tile.rows() - 1}) {
          check(kernels, gemms, weights, tiled, tile, rows, rows == 1, 0.5f);
        }
      }
      for (int rows : new int[] {7, 8, 129, 1000}) {
        check(kernels, gemms, weights, tiled, likeliest(rows), rows, true, 2);
      }
    }
  }

  /** Sums are cut into many parts, again and again: 4 tiles of outputs, and all multiprocessors. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void addsPartsInTheSameOrder(boolean fp8) {
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder, BYTES);
        PackedGemmKernels gemms = new PackedGemmKernels(kernels.library(), kernels.stream())) {
      QuantizedWeights weights =
          QuantizedWeights.random(CodeType.UINT4, 256, 28_672, 128, true, random);
      TiledWeights tiled = weights.tiled(kernels, fp8);
      GemmOperand source = GemmOperand.activations(1000, weights.inputs(), fp8, random);
      DeviceMatrix input = source.matrix(kernels);
      for (int rows : new int[] {1, 64, 1000}) {
        DeviceMatrix first = output(kernels, rows, weights.outputs());
        gemms.multiply(likeliest(rows), tiled, input, first, rows, false, 1);
        kernels.stream().synchronize();
        int count = rows * weights.outputs();
        float[] expected = kernels.readBf16(first.address(), count);
        for (int i = 0; i < 20; i++) {
          gemms.multiply(likeliest(rows), tiled, input, first, rows, false, 1);
        }
        kernels.stream().synchronize();
        assertThat(kernels.readBf16(first.address(), count)).isEqualTo(expected);
        assertRows(kernels, first, source, weights, rows, fp8, 1, 0);
      }
    }
  }

  /** Part of the outputs, as a layer computes them whose others are not needed. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void multipliesSomeOutputs(boolean fp8) {
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder, BYTES);
        PackedGemmKernels gemms = new PackedGemmKernels(kernels.library(), kernels.stream())) {
      QuantizedWeights weights =
          QuantizedWeights.random(CodeType.UINT4, 320, 1024, 64, true, random);
      TiledWeights tiled = weights.tiled(kernels, fp8);
      GemmOperand source = GemmOperand.activations(20, 1024, fp8, random);
      DeviceMatrix input = source.matrix(kernels);
      DeviceMatrix all = output(kernels, 20, 320);
      DeviceMatrix some = output(kernels, 20, 128);
      gemms.multiply(likeliest(20), tiled, input, all, 20, false, 1);
      gemms.multiply(likeliest(20), tiled.outputs(64, 128), input, some, 20, false, 1);
      kernels.stream().synchronize();
      double[] whole = KernelRows.bf16(kernels, all.address(), 20 * 320);
      double[] part = KernelRows.bf16(kernels, some.address(), 20 * 128);
      double[] expected = new double[part.length];
      for (int i = 0; i < part.length; i++) {
        expected[i] = whole[i / 128 * 320 + 64 + i % 128];
      }
      KernelRows.assertClose(part, expected, KernelRows.BF16_ERROR);
    }
  }

  private void check(
      DeviceKernels kernels,
      PackedGemmKernels gemms,
      QuantizedWeights weights,
      TiledWeights tiled,
      PackedGemmTile tile,
      int rows,
      boolean adds,
      float multiplier) {
    boolean fp8 = tiled.format().fp8();
    GemmOperand source = GemmOperand.activations(rows, weights.inputs(), fp8, random);
    DeviceMatrix target = output(kernels, rows, weights.outputs());
    float old = 0;
    if (adds) {
      old = 3;
      float[] values = new float[rows * weights.outputs()];
      Arrays.fill(values, old);
      long content = kernels.bf16(values);
      kernels.stream().copy(content, target.address(), (long) values.length * Short.BYTES);
    }
    gemms.multiply(tile, tiled, source.matrix(kernels), target, rows, adds, multiplier);
    kernels.stream().synchronize();
    assertRows(kernels, target, source, weights, rows, fp8, multiplier, old);
  }

  private static DeviceMatrix output(DeviceKernels kernels, int rows, int columns) {
    long bytes = (long) (rows + MORE_ROWS) * columns * Short.BYTES;
    return new DeviceMatrix(
        kernels.poisoned(bytes), rows + MORE_ROWS, columns, DeviceElementType.BF16);
  }

  private void assertRows(
      DeviceKernels kernels,
      DeviceMatrix target,
      GemmOperand source,
      QuantizedWeights weights,
      int rows,
      boolean fp8,
      double multiplier,
      double old) {
    int outputs = weights.outputs();
    float[] all = kernels.readBf16(target.address(), target.rowCount() * outputs);
    for (int i = 0; i < all.length; i++) {
      if (Float.isNaN(all[i]) != i >= rows * outputs) {
        assertThat(all[i]).as("row %s, output %s", i / outputs, i % outputs).isEqualTo(Float.NaN);
      }
    }
    byte[] exponents = weights.channelExponents();
    int samples = (outputs + OUTPUTS_PER_SAMPLE - 1) / OUTPUTS_PER_SAMPLE;
    double differences = 0;
    double squares = 0;
    for (int sample = 0; sample < samples; sample++) {
      int output =
          Math.min(outputs - 1, sample * OUTPUTS_PER_SAMPLE + random.nextInt(OUTPUTS_PER_SAMPLE));
      double[] row = new double[weights.inputs()];
      double weightSquares = 0;
      for (int input = 0; input < row.length; input++) {
        row[input] = weights.weight(output, input);
        weightSquares += row[input] * row[input];
      }
      double scale = fp8 ? Math.scalb(1.0, (exponents[output] & 0xFF) - 127) : 1;
      for (int r = 0; r < rows; r++) {
        double sum = 0;
        double sourceSquares = 0;
        for (int input = 0; input < row.length; input++) {
          double x = source.values()[r * row.length + input];
          sum += row[input] * x;
          sourceSquares += x * x;
        }
        double difference = all[r * outputs + output] * scale - (sum * multiplier + old * scale);
        differences += difference * difference;
        // What a random sum would be: the sum itself is small if most of it cancels.
        squares +=
            weightSquares * sourceSquares / row.length * multiplier * multiplier
                + old * scale * old * scale;
      }
    }
    assertThat(Math.sqrt(differences / squares)).isLessThan(fp8 ? FP8_ERROR : BF16_ERROR);
  }

  /** The tile that is likely to be the fastest. */
  private static PackedGemmTile likeliest(int rows) {
    return PackedGemmTile.candidates(rows).get(0);
  }

  private static void assertUnpacked(
      DeviceKernels kernels, QuantizedWeights weights, TiledWeights tiled) {
    boolean fp8 = tiled.format().fp8();
    int count = weights.outputs() * weights.inputs();
    DeviceMatrix dense =
        new DeviceMatrix(
            kernels.poisoned((long) count * Short.BYTES),
            weights.outputs(),
            weights.inputs(),
            fp8 ? DeviceElementType.E4M3 : DeviceElementType.BF16);
    new WeightTileKernels(kernels.library(), kernels.stream(), tiled.format()).untile(tiled, dense);
    kernels.stream().synchronize();
    byte[] exponents = weights.channelExponents();
    double[] actual = new double[count];
    double[] expected = new double[count];
    byte[] bytes = fp8 ? kernels.readBytes(dense.address(), count) : new byte[0];
    float[] numbers = fp8 ? new float[0] : kernels.readBf16(dense.address(), count);
    for (int i = 0; i < count; i++) {
      int output = i / weights.inputs();
      actual[i] =
          fp8 ? Math.scalb(E4m3.value(bytes[i]), (exponents[output] & 0xFF) - 127) : numbers[i];
      expected[i] = weights.weight(output, i % weights.inputs());
    }
    KernelRows.assertClose(actual, expected, fp8 ? FP8_ERROR : KernelRows.BF16_ERROR);
  }
}
