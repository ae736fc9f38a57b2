package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.ExpertsConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code expert_routing.cu}, and the sums of experts' outputs in {@code norm.cu}, against sorting
 * and double precision.
 */
@Tag("gpu")
class ExpertRoutingKernelTest {
  @TempDir Path cacheFolder;
  private final Random random = new Random();

  @ParameterizedTest
  @CsvSource({
    "128, 8, true, 16384, false",
    "128, 8, false, 257, false",
    "32, 4, true, 1000, true",
    "8, 2, true, 77, false",
    "5, 2, false, 300, true",
    "5, 5, true, 64, false",
    "1000, 32, false, 513, false",
    "1024, 10, true, 1, true",
  })
  void ordersRowsByExpertsAndTokens(
      int experts, int each, boolean normalized, int tokens, boolean bias) {
    float[] biases = new float[experts];
    float[] scores = new float[tokens * experts];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < experts && bias; i++) {
      biases[i] = (float) random.nextGaussian();
    }
    // Equal scores: the experts with lower numbers are chosen.
    Arrays.fill(scores, 0, experts, 1.5f);
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      RoutedRows routed =
          route(kernels, experts, each, normalized, scores, bias ? biases : null, tokens);
      int[] chosen = kernels.readInts(routed.chosen().address(), tokens * each);
      float[] weights = kernels.readFloats(routed.weights().address(), tokens * each);
      for (int token = 0; token < tokens; token++) {
        double[] sums = new double[experts];
        for (int i = 0; i < experts; i++) {
          sums[i] = scores[token * experts + i] + biases[i];
        }
        assertToken(
            sums,
            normalized,
            Arrays.copyOfRange(chosen, token * each, (token + 1) * each),
            Arrays.copyOfRange(weights, token * each, (token + 1) * each));
      }
      assertOrder(kernels, routed, chosen, experts, each);
    }
  }

  /** The scores as f32 sums, and what was chosen by them. */
  private static void assertToken(
      double[] sums, boolean normalized, int[] chosen, float[] weights) {
    int[] best =
        IntStream.range(0, sums.length)
            .boxed()
            .sorted(Comparator.<Integer>comparingDouble(i -> -(float) sums[i]))
            .limit(chosen.length)
            .mapToInt(Integer::intValue)
            .toArray();
    assertThat(chosen).isEqualTo(best);
    int[] all = normalized ? best : IntStream.range(0, sums.length).toArray();
    double total = Arrays.stream(all).mapToDouble(i -> Math.exp(sums[i])).sum();
    for (int k = 0; k < chosen.length; k++) {
      assertThat((double) weights[k]).isCloseTo(Math.exp(sums[best[k]]) / total, within(2e-6));
    }
  }

  private static void assertOrder(
      DeviceKernels kernels, RoutedRows routed, int[] chosen, int experts, int each) {
    int[] offsets = new int[experts + 1];
    for (int expert : chosen) {
      offsets[expert + 1]++;
    }
    Arrays.parallelPrefix(offsets, Integer::sum);
    assertThat(kernels.readInts(routed.offsets().address(), experts + 1)).isEqualTo(offsets);
    int[] rowTokens = new int[chosen.length];
    int[] tokenRows = new int[chosen.length];
    int[] next = offsets.clone();
    for (int i = 0; i < chosen.length; i++) {
      tokenRows[i] = next[chosen[i]]++;
      rowTokens[tokenRows[i]] = i / each;
    }
    assertThat(kernels.readInts(routed.rowTokens().address(), chosen.length)).isEqualTo(rowTokens);
    assertThat(kernels.readInts(routed.tokenRows().address(), chosen.length)).isEqualTo(tokenRows);
  }

  @Test
  void scoresThatAreNoNumbersShow() {
    float[] scores = RandomSums.normal(3 * 40, random);
    scores[40 + random.nextInt(40)] = Float.NaN;
    scores[80] = Float.NEGATIVE_INFINITY;
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      RoutedRows routed = route(kernels, 40, 6, true, scores, null, 3);
      float[] weights = kernels.readFloats(routed.weights().address(), 3 * 6);

      for (int i = 0; i < 6; i++) {
        assertThat(weights[i]).isBetween(0f, 1f);
        assertThat(weights[6 + i]).isNaN();
        assertThat(weights[12 + i]).isBetween(0f, 1f);
      }
      assertThat(Arrays.stream(kernels.readInts(routed.chosen().address(), 18)))
          .allMatch(expert -> expert >= 0 && expert < 40);
    }
  }

  private RoutedRows route(
      DeviceKernels kernels,
      int experts,
      int each,
      boolean normalized,
      float[] scores,
      float @Nullable [] biases,
      int tokens) {
    ExpertsConfig config =
        new ExpertsConfig(experts, each, 8, Activation.SILU, normalized, biases != null);
    DeviceElementType f32 = DeviceElementType.F32;
    RoutedRows routed = poisonedRows(kernels, config, tokens);
    float[] before = RandomSums.normal(experts, random);
    DeviceVector loads = new DeviceVector(kernels.floats(before), experts, f32);
    new ExpertRoutingKernels(kernels.library(), kernels.stream(), new ExpertShape(config, 8, false))
        .route(
            new DeviceMatrix(kernels.floats(scores), tokens, experts, f32),
            biases == null ? null : new DeviceVector(kernels.floats(biases), experts, f32),
            routed,
            loads,
            tokens);
    int[] offsets = kernels.readInts(routed.offsets().address(), experts + 1);
    float[] after = kernels.readFloats(loads.address(), experts);
    for (int expert = 0; expert < experts; expert++) {
      int rows = offsets[expert + 1] - offsets[expert];
      assertThat(after[expert]).isEqualTo(before[expert] + rows);
    }
    return routed;
  }

  static RoutedRows poisonedRows(DeviceKernels kernels, ExpertsConfig config, int tokens) {
    int each = config.expertsPerToken();
    DeviceElementType ints = DeviceElementType.INT32;
    long bytes = 4L * tokens * each;
    int chunks = ExpertShape.chunks(tokens);
    return new RoutedRows(
        new DeviceMatrix(kernels.poisoned(bytes), tokens, each, ints),
        new DeviceMatrix(kernels.poisoned(bytes), tokens, each, DeviceElementType.F32),
        new DeviceMatrix(kernels.poisoned(bytes), tokens, each, ints),
        new DeviceMatrix(
            kernels.poisoned(4L * chunks * config.experts()), chunks, config.experts(), ints),
        new DeviceVector(kernels.poisoned(4L * (config.experts() + 1)), config.experts() + 1, ints),
        new DeviceVector(kernels.poisoned(bytes), (long) tokens * each, ints));
  }

  @ParameterizedTest
  @CsvSource({"2048, 8, false", "2880, 4, true", "40, 2, false", "25, 3, true", "64, 9, true"})
  void theNextNormAddsTheWeightedSumsOfOutputs(int hidden, int each, boolean multiply) {
    int tokens = 37;
    int rows = tokens * each;
    float multiplier = multiply ? 0.3f : 1;
    float[] outputs = RandomSums.normal(rows * hidden, random);
    float[] residual = RandomSums.normal(tokens * hidden, random);
    float[] norm = RandomSums.normal(hidden, random);
    float[] weights = new float[rows];
    int[] tokenRows = random.ints(0, rows).distinct().limit(rows).toArray();
    double[] sums = new double[tokens * hidden];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = residual[i];
    }
    for (int i = 0; i < rows; i++) {
      weights[i] = random.nextFloat();
      for (int j = 0; j < hidden; j++) {
        sums[i / each * hidden + j] += multiplier * weights[i] * outputs[tokenRows[i] * hidden + j];
      }
    }
    double[] normed = new double[sums.length];
    for (int token = 0; token < tokens; token++) {
      double squares = 0;
      for (int j = 0; j < hidden; j++) {
        squares += sums[token * hidden + j] * sums[token * hidden + j];
      }
      for (int j = 0; j < hidden; j++) {
        int i = token * hidden + j;
        normed[i] = sums[i] / Math.sqrt(squares / hidden + 1e-6) * norm[j];
      }
    }
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      long stream = kernels.bf16(residual);
      long target = kernels.poisoned(tokens * hidden * 2L);
      long delta = kernels.bf16(outputs);
      long routedRows = kernels.ints(tokenRows);
      long routedWeights = kernels.floats(weights);
      long normWeight = kernels.floats(norm);
      kernels
          .begin()
          .address(delta)
          .address(0)
          .address(0)
          .address(routedRows)
          .address(routedWeights)
          .integer(each)
          .address(0)
          .address(0)
          .real(multiplier)
          .address(0)
          .address(stream)
          .real(1)
          .address(stream)
          .address(normWeight)
          .real(1e-6f)
          .address(target);
      kernels.run(
          "norm",
          Map.of(
              "HIDDEN_SIZE", hidden, "NORM_DELTA", 0, "MULTIPLY", multiply ? 1 : 0, "COMBINE", 1),
          RowLaunch.of("add_rms_norm", tokens, hidden));

      int count = tokens * hidden;
      KernelRows.assertClose(KernelRows.bf16(kernels, stream, count), sums, KernelRows.BF16_ERROR);
      KernelRows.assertClose(
          KernelRows.bf16(kernels, target, count), normed, KernelRows.BF16_ERROR);
    }
  }
}
