package io.nightshift.runtime.cuda.kernels;

import static io.nightshift.runtime.cuda.kernels.KernelRows.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.device.KernelLaunch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code rotary.cu} against double precision: scales, bias, norm of heads, rotation, and the slots
 * of the KV cache.
 */
@Tag("gpu")
class RotaryKernelTest {
  private static final int TOKENS = 13;
  private static final int POSITIONS = 500;
  private static final int BLOCK_SIZE = 8;
  private static final int BLOCKS = 4;
  private static final float EPSILON = 1e-6f;

  @TempDir Path cacheFolder;
  private final Random random = new Random();

  @ParameterizedTest
  @CsvSource({
    "128, 4, 2, false",
    "64, 9, 3, true",
    "12, 4, 2, true",
    "80, 0, 2, true",
    "128, 4, 0, false"
  })
  void rotatesScaledSums(int size, int queryHeads, int keyValueHeads, boolean fp8) {
    int heads = queryHeads + 2 * keyValueHeads;
    int stride = (size + 15) / 16 * 16;
    RandomSums projection = RandomSums.of(TOKENS, heads * size, random);
    float[] bias = RandomSums.normal(heads * size, random);
    float[][] norms = {RandomSums.normal(size, random), RandomSums.normal(size, random)};
    int[] positions = random.ints(TOKENS, 0, POSITIONS).toArray();
    int[] slots = random.ints(0, BLOCKS * BLOCK_SIZE).distinct().limit(TOKENS).toArray();
    float[] frequencies = new float[size / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) Math.pow(10_000, -2.0 * i / size);
    }
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      Map<String, Integer> definitions =
          Map.of("HEAD_SIZE", size, "BLOCK_SIZE", BLOCK_SIZE, "KV_FP8", fp8 ? 1 : 0);
      long table = kernels.poisoned((long) POSITIONS * size * Float.BYTES);
      kernels.begin().address(kernels.floats(frequencies)).address(table).integer(POSITIONS);
      int pairs = POSITIONS * size / 2;
      kernels.run("rotary", definitions, KernelLaunch.of("rotary_table", (pairs + 255) / 256, 256));

      int cached = BLOCKS * keyValueHeads * BLOCK_SIZE;
      long queries = kernels.poisoned((long) TOKENS * queryHeads * stride * Short.BYTES);
      long[] planes = new long[2];
      long[] scales = new long[2];
      for (int plane = 0; plane < 2; plane++) {
        planes[plane] = kernels.poisoned((long) cached * stride * Short.BYTES);
        scales[plane] = kernels.poisoned((long) cached * Float.BYTES);
      }
      kernels.begin();
      projection.addTo(kernels);
      kernels
          .arguments()
          .address(kernels.floats(bias))
          .address(kernels.floats(norms[0]))
          .address(kernels.floats(norms[1]))
          .real(EPSILON)
          .address(table)
          .address(kernels.ints(positions))
          .address(kernels.ints(slots))
          .address(queries)
          .address(planes[0])
          .address(planes[1])
          .address(fp8 ? scales[0] : 0)
          .address(fp8 ? scales[1] : 0)
          .integer(TOKENS)
          .integer(queryHeads)
          .integer(keyValueHeads);
      int threads = TOKENS * heads * lanesPerHead(size);
      kernels.run(
          "rotary", definitions, KernelLaunch.of("rotate_and_store", (threads + 255) / 256, 256));

      double[] readQueries = KernelRows.bf16(kernels, queries, TOKENS * queryHeads * stride);
      double[][] readPlanes = new double[2][];
      for (int plane = 0; plane < 2; plane++) {
        readPlanes[plane] =
            fp8
                ? KernelRows.e4m3(
                    kernels, planes[plane], kernels.readFloats(scales[plane], cached), stride)
                : KernelRows.bf16(kernels, planes[plane], cached * stride);
      }
      for (int token = 0; token < TOKENS; token++) {
        for (int head = 0; head < heads; head++) {
          boolean query = head < queryHeads;
          boolean value = head >= queryHeads + keyValueHeads;
          double[] expected = new double[size];
          for (int i = 0; i < size; i++) {
            int column = head * size + i;
            expected[i] = projection.value(token, column) + bias[column];
          }
          if (!value) {
            norm(expected, norms[query ? 0 : 1]);
            rotate(expected, positions[token], frequencies);
          }
          int cacheHead = head - queryHeads - (value ? keyValueHeads : 0);
          int row =
              query
                  ? token * queryHeads + head
                  : (slots[token] / BLOCK_SIZE * keyValueHeads + cacheHead) * BLOCK_SIZE
                      + slots[token] % BLOCK_SIZE;
          double[] source = query ? readQueries : readPlanes[value ? 1 : 0];
          double[] read =
              IntStream.range(0, stride).mapToDouble(i -> source[row * stride + i]).toArray();
          double[] own = IntStream.range(0, size).mapToDouble(i -> read[i]).toArray();
          assertClose(own, expected, query || !fp8 ? KernelRows.BF16_ERROR : KernelRows.E4M3_ERROR);
          assertThat(IntStream.range(size, stride).mapToDouble(i -> read[i]).toArray())
              .isEqualTo(new double[stride - size]);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"128, false", "64, true", "12, true", "80, false", "8, true"})
  void aValueThatIsNotFiniteBecomesZerosAndItsKeyNan(int size, boolean fp8) {
    int keyValueHeads = 3;
    int queryHeads = 2;
    int heads = queryHeads + 2 * keyValueHeads;
    int stride = (size + 15) / 16 * 16;
    float[] projection = RandomSums.normal(TOKENS * heads * size, random);
    boolean[] spoiled = new boolean[TOKENS * keyValueHeads];
    float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    for (int i = 0; i < 9; i++) {
      int token = random.nextInt(TOKENS);
      int head = random.nextInt(keyValueHeads);
      spoiled[token * keyValueHeads + head] = true;
      int value = queryHeads + keyValueHeads + head;
      projection[(token * heads + value) * size + random.nextInt(size)] = bad[i % 3];
    }
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      int cached = BLOCKS * keyValueHeads * BLOCK_SIZE;
      long queries = kernels.poisoned((long) TOKENS * queryHeads * stride * Short.BYTES);
      long keys = kernels.poisoned((long) cached * stride * Short.BYTES);
      long values = kernels.poisoned((long) cached * stride * Short.BYTES);
      long keyScales = kernels.poisoned((long) cached * Float.BYTES);
      long valueScales = kernels.poisoned((long) cached * Float.BYTES);
      float[] angles = new float[size];
      for (int i = 0; i < size; i += 2) {
        angles[i] = 1; // no rotation at position 0: cosine 1, sine 0
      }
      kernels
          .begin()
          .address(kernels.bf16(projection))
          .address(0)
          .address(0)
          .address(0)
          .address(0)
          .address(0)
          .real(EPSILON)
          .address(kernels.floats(angles))
          .address(kernels.ints(new int[TOKENS]))
          .address(kernels.ints(IntStream.range(0, TOKENS).toArray()))
          .address(queries)
          .address(keys)
          .address(values)
          .address(fp8 ? keyScales : 0)
          .address(fp8 ? valueScales : 0)
          .integer(TOKENS)
          .integer(queryHeads)
          .integer(keyValueHeads);
      int threads = TOKENS * heads * lanesPerHead(size);
      kernels.run(
          "rotary",
          Map.of("HEAD_SIZE", size, "BLOCK_SIZE", BLOCK_SIZE, "KV_FP8", fp8 ? 1 : 0),
          KernelLaunch.of("rotate_and_store", (threads + 255) / 256, 256));

      double[] readKeys = plane(kernels, keys, keyScales, cached, stride, fp8);
      double[] readValues = plane(kernels, values, valueScales, cached, stride, fp8);
      for (int token = 0; token < TOKENS; token++) {
        for (int head = 0; head < keyValueHeads; head++) {
          int row = (token / BLOCK_SIZE * keyValueHeads + head) * BLOCK_SIZE + token % BLOCK_SIZE;
          int key = (token * heads + queryHeads + head) * size;
          double[] expectedKey = new double[size];
          double[] expectedValue = new double[size];
          if (!spoiled[token * keyValueHeads + head]) {
            for (int i = 0; i < size; i++) {
              expectedKey[i] = projection[key + i];
              expectedValue[i] = projection[key + keyValueHeads * size + i];
            }
            double limit = fp8 ? KernelRows.E4M3_ERROR : KernelRows.BF16_ERROR;
            assertClose(row(readKeys, row, stride, size), expectedKey, limit);
            assertClose(row(readValues, row, stride, size), expectedValue, limit);
          } else {
            assertThat(row(readKeys, row, stride, size)).containsOnly(Double.NaN);
            assertThat(row(readValues, row, stride, size)).isEqualTo(expectedValue);
          }
        }
      }
    }
  }

  private static double[] plane(
      DeviceKernels kernels, long plane, long scales, int rows, int stride, boolean fp8) {
    return fp8
        ? KernelRows.e4m3(kernels, plane, kernels.readFloats(scales, rows), stride)
        : KernelRows.bf16(kernels, plane, rows * stride);
  }

  private static double[] row(double[] plane, int row, int stride, int size) {
    return Arrays.copyOfRange(plane, row * stride, row * stride + size);
  }

  private static int lanesPerHead(int size) {
    int half = size / 2;
    int used = half / Math.min(8, Integer.lowestOneBit(half));
    return Integer.bitCount(used) == 1 ? used : 2 * Integer.highestOneBit(used);
  }

  private static void norm(double[] head, float[] weight) {
    double squares = 0;
    for (double x : head) {
      squares += x * x;
    }
    double factor = 1 / Math.sqrt(squares / head.length + EPSILON);
    for (int i = 0; i < head.length; i++) {
      head[i] *= factor * weight[i];
    }
  }

  private static void rotate(double[] head, int position, float[] frequencies) {
    int half = head.length / 2;
    for (int i = 0; i < half; i++) {
      double angle = position * frequencies[i];
      double low = head[i];
      head[i] = low * Math.cos(angle) - head[half + i] * Math.sin(angle);
      head[half + i] = head[half + i] * Math.cos(angle) + low * Math.sin(angle);
    }
  }
}
