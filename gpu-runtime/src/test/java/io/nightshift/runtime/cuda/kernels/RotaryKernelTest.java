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
    "128, 128, 4, 2, false, false",
    "256, 256, 5, 2, false, false",
    "64, 64, 9, 3, true, false",
    "12, 12, 4, 2, true, false",
    "80, 80, 0, 2, true, false",
    "128, 128, 4, 0, false, false",
    "128, 96, 4, 2, false, false",
    "80, 32, 4, 1, true, false",
    "20, 12, 4, 2, false, false",
    "20, 12, 4, 2, true, true",
    "128, 0, 4, 2, false, false",
    "128, 128, 40, 8, false, true",
    "64, 64, 4, 0, false, true",
    "64, 64, 0, 4, true, true"
  })
  void rotatesScaledSums(
      int size,
      int dimensions,
      int queryHeads,
      int keyValueHeads,
      boolean fp8,
      boolean normAllHeads) {
    float attentionFactor = 1.25f;
    int heads = queryHeads + 2 * keyValueHeads;
    int stride = (size + 15) / 16 * 16;
    RandomSums projection = RandomSums.of(TOKENS, heads * size, random);
    float[] bias = RandomSums.normal(heads * size, random);
    float[][] norms = {
      RandomSums.normal(normAllHeads ? queryHeads * size : size, random),
      RandomSums.normal(normAllHeads ? keyValueHeads * size : size, random)
    };
    int[] positions = random.ints(TOKENS, 0, POSITIONS).toArray();
    int[] slots = random.ints(0, BLOCKS * BLOCK_SIZE).distinct().limit(TOKENS).toArray();
    float[] frequencies = new float[dimensions / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) Math.pow(10_000, -2.0 * i / dimensions);
    }
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      Map<String, Integer> definitions = definitions(size, dimensions, fp8, normAllHeads);
      long table = kernels.poisoned((long) POSITIONS * size * Float.BYTES);
      if (dimensions > 0) {
        kernels
            .begin()
            .address(kernels.floats(frequencies))
            .real(attentionFactor)
            .address(table)
            .integer(POSITIONS);
        int pairs = POSITIONS * dimensions / 2;
        kernels.run(
            "rotary", definitions, KernelLaunch.of("rotary_table", (pairs + 255) / 256, 256));
      }
      long deviceBias = kernels.floats(bias);
      long factors = kernels.poisoned((long) TOKENS * 2 * Float.BYTES);
      if (normAllHeads) {
        kernels.begin();
        projection.addTo(kernels);
        kernels
            .arguments()
            .address(deviceBias)
            .real(EPSILON)
            .address(factors)
            .integer(queryHeads)
            .integer(keyValueHeads);
        kernels.run("rotary", definitions, new KernelLaunch("norm_factors", TOKENS, 2, 1, 256, 0));
      }
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
          .address(deviceBias)
          .address(kernels.floats(norms[0]))
          .address(kernels.floats(norms[1]))
          .real(EPSILON)
          .address(factors)
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
      int threads = TOKENS * heads * lanesPerHead(size, dimensions);
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
        double[] sums = new double[heads * size];
        for (int i = 0; i < sums.length; i++) {
          sums[i] = projection.value(token, i) + bias[i];
        }
        if (normAllHeads) {
          norm(sums, 0, queryHeads * size, norms[0]);
          norm(sums, queryHeads * size, keyValueHeads * size, norms[1]);
        }
        for (int head = 0; head < heads; head++) {
          boolean query = head < queryHeads;
          boolean value = head >= queryHeads + keyValueHeads;
          double[] expected = Arrays.copyOfRange(sums, head * size, (head + 1) * size);
          if (!value) {
            if (!normAllHeads) {
              norm(expected, 0, size, norms[query ? 0 : 1]);
            }
            rotate(expected, positions[token], frequencies, attentionFactor);
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
  @CsvSource({"128, false", "256, false", "64, true", "12, true", "80, false", "8, true"})
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
          .address(0)
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
      int threads = TOKENS * heads * lanesPerHead(size, size);
      kernels.run(
          "rotary",
          definitions(size, size, fp8, false),
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

  private static Map<String, Integer> definitions(
      int size, int dimensions, boolean fp8, boolean normAllHeads) {
    return Map.of(
        "HEAD_SIZE",
        size,
        "BLOCK_SIZE",
        BLOCK_SIZE,
        "KV_FP8",
        fp8 ? 1 : 0,
        "ROPE_DIMENSIONS",
        dimensions,
        "NORM_ALL_HEADS",
        normAllHeads ? 1 : 0);
  }

  private static int lanesPerHead(int size, int dimensions) {
    int half = size / 2;
    int width = 8;
    while (half % width != 0 || dimensions / 2 % width != 0) {
      width /= 2;
    }
    int used = half / width;
    return Integer.bitCount(used) == 1 ? used : 2 * Integer.highestOneBit(used);
  }

  /** Norms {@code count} numbers from {@code first} together. */
  private static void norm(double[] row, int first, int count, float[] weight) {
    double squares = 0;
    for (int i = 0; i < count; i++) {
      squares += row[first + i] * row[first + i];
    }
    double factor = 1 / Math.sqrt(squares / count + EPSILON);
    for (int i = 0; i < count; i++) {
      row[first + i] *= factor * weight[i];
    }
  }

  private static void rotate(double[] head, int position, float[] frequencies, double factor) {
    int half = frequencies.length;
    for (int i = 0; i < half; i++) {
      double angle = position * frequencies[i];
      double low = head[i];
      double high = head[half + i];
      head[i] = factor * (low * Math.cos(angle) - high * Math.sin(angle));
      head[half + i] = factor * (high * Math.cos(angle) + low * Math.sin(angle));
    }
  }
}
