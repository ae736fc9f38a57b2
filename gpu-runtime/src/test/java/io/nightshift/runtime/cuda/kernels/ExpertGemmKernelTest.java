package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.ExpertsConfig;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The grouped GEMMs of a mixture of experts against double precision: rows of all lengths, and
 * experts that no token passes.
 */
@Tag("gpu")
class ExpertGemmKernelTest {
  private static final int BYTES = 256 << 20;

  /** Rows behind the last one, which must stay as they are. */
  private static final int MORE_ROWS = 3;

  /** Rows that are compared, beside the first and the last one of each expert. */
  private static final int SAMPLES = 100;

  /** What rounding to bf16 and the accumulators of e4m3 explain. */
  private static final double FP8_ERROR = 8e-3;

  @TempDir Path cacheFolder;
  private final Random random = new Random();

  /** How many rows the experts have. */
  enum Groups {
    /** A third have none, the others up to 300. */
    RAGGED,
    /** Zero to 4. */
    FEW,
    /** One has all of a step of 16,384 tokens that pass 8. */
    ONE,
    /** 16,384 tokens pass 8, and experts have about the same number of rows. */
    EVEN,
    /** Whole tiles and one row more or less. */
    EDGES,
    /** None at all. */
    NONE
  }

  @ParameterizedTest
  @CsvSource({
    // the sizes of Qwen3-30B-A3B
    "8, 2048, 768, SILU, false, false, RAGGED, false",
    "8, 2048, 768, SILU, false, true, RAGGED, false",
    "8, 2048, 768, SILU, false, false, FEW, false",
    "8, 2048, 768, SILU, false, true, FEW, false",
    "8, 2048, 768, SILU, false, false, EDGES, false",
    "8, 2048, 768, SILU, false, true, EDGES, true",
    // neither inputs nor features fill their last tile
    "4, 2880, 720, CLAMPED_SWIGLU, true, false, RAGGED, false",
    "4, 2880, 720, CLAMPED_SWIGLU, true, true, RAGGED, false",
    "4, 2880, 720, CLAMPED_SWIGLU, true, true, RAGGED, true",
    "128, 64, 64, SILU, false, false, EVEN, false",
    "128, 64, 64, SILU, false, true, EVEN, false",
    "32, 64, 64, SILU, false, false, ONE, false",
    "32, 64, 64, SILU, false, false, ONE, true",
    "1000, 48, 32, GELU_TANH, true, true, FEW, false",
    "5, 40, 24, SILU, false, false, EDGES, false",
    "5, 40, 24, SILU, false, false, EDGES, true",
    "5, 40, 100, GELU_TANH, true, false, RAGGED, false",
    "5, 40, 25, CLAMPED_SWIGLU, true, true, RAGGED, false",
    "5, 40, 24, SILU, false, false, NONE, false",
  })
  void multipliesEachExpertsRows(
      int experts,
      int hidden,
      int intermediate,
      Activation activation,
      boolean bias,
      boolean fp8,
      Groups groups,
      boolean portable) {
    ExpertsConfig config = new ExpertsConfig(experts, 1, intermediate, activation, true, bias);
    int[] offsets = offsets(groups, experts);
    int rows = offsets[experts];
    int tokens = Math.max(1, rows / 8);
    int[] rowTokens = random.ints(rows, 0, tokens).toArray();
    ExpertShape shape = new ExpertShape(config, hidden, fp8);
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder, BYTES)) {
      ExpertGemmKernels gemms =
          portable
              ? new ExpertGemmKernels(kernels.library(), kernels.stream(), shape, true)
              : new ExpertGemmKernels(kernels.library(), kernels.stream(), shape);
      RoutedRows empty = ExpertRoutingKernelTest.poisonedRows(kernels, config, 1);
      RoutedRows routed =
          new RoutedRows(
              empty.chosen(),
              empty.weights(),
              empty.tokenRows(),
              empty.counts(),
              new DeviceVector(kernels.ints(offsets), experts + 1, DeviceElementType.INT32),
              new DeviceVector(kernels.ints(rowTokens), rows, DeviceElementType.INT32));
      int[] samples = samples(offsets);

      GemmOperand source = GemmOperand.activations(tokens, hidden, fp8, random);
      GemmOperand gateUp = GemmOperand.weights(experts * 2 * intermediate, hidden, fp8, random);
      float[] gateUpBias = bias ? RandomSums.normal(experts * 2 * intermediate, random) : null;
      DeviceMatrix activated = output(kernels, rows, intermediate);
      gemms.multiplyGateUp(
          source.input(kernels),
          routed,
          gemms.gateUp(
              gateUp.matrix(kernels), gateUp.exponents(kernels), vector(kernels, gateUpBias)),
          activated);
      assertRows(
          kernels,
          activated,
          samples,
          fp8,
          (row, feature) -> {
            int gate = expertOf(row, offsets) * 2 * intermediate + feature;
            return activated(
                activation,
                source.product(rowTokens[row], gateUp, gate, gateUpBias),
                source.product(rowTokens[row], gateUp, gate + intermediate, gateUpBias));
          });

      GemmOperand downSource =
          GemmOperand.activations(Math.max(1, rows), intermediate, fp8, random);
      GemmOperand down = GemmOperand.weights(experts * hidden, intermediate, fp8, random);
      float[] downBias = bias ? RandomSums.normal(experts * hidden, random) : null;
      DeviceMatrix outputs = output(kernels, rows, hidden);
      gemms.multiplyDown(
          gemms.input(downSource.input(kernels)),
          routed,
          gemms.down(down.matrix(kernels), down.exponents(kernels), vector(kernels, downBias)),
          outputs);
      assertRows(
          kernels,
          outputs,
          samples,
          fp8,
          (row, channel) ->
              downSource.product(row, down, expertOf(row, offsets) * hidden + channel, downBias));
    }
  }

  private int[] offsets(Groups groups, int experts) {
    int one = random.nextInt(experts);
    int[] edges = {128, 0, 65, 64, 1, 127, 129, 63};
    int all = 16_384 * 8;
    int[] offsets = new int[experts + 1];
    for (int expert = 0; expert < experts; expert++) {
      int count =
          switch (groups) {
            case RAGGED -> random.nextInt(3) == 0 ? 0 : random.nextInt(300);
            case FEW -> random.nextInt(5);
            case ONE -> expert == one ? all : 0;
            case EVEN -> all / experts + (expert % 2 == 0 ? 7 : -7);
            case EDGES -> edges[expert % edges.length];
            case NONE -> 0;
          };
      offsets[expert + 1] = offsets[expert] + count;
    }
    return offsets;
  }

  private static int expertOf(int row, int[] offsets) {
    int expert = 0;
    while (offsets[expert + 1] <= row) {
      expert++;
    }
    return expert;
  }

  private int[] samples(int[] offsets) {
    int rows = offsets[offsets.length - 1];
    if (rows == 0) {
      return new int[0];
    }
    IntStream ends =
        IntStream.range(0, offsets.length - 1)
            .filter(expert -> expert < 40 && offsets[expert] < offsets[expert + 1])
            .flatMap(expert -> IntStream.of(offsets[expert], offsets[expert + 1] - 1));
    return IntStream.concat(ends, random.ints(SAMPLES, 0, rows)).toArray();
  }

  private static double activated(Activation activation, double gate, double up) {
    return switch (activation) {
      case SILU -> gate / (1 + Math.exp(-gate)) * up;
      case GELU_TANH ->
          gate
              / 2
              * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (gate + 0.044715 * gate * gate * gate)))
              * up;
      case CLAMPED_SWIGLU -> {
        double clamped = Math.min(gate, 7);
        yield clamped / (1 + Math.exp(-1.702 * clamped)) * (Math.max(-7, Math.min(up, 7)) + 1);
      }
    };
  }

  private static DeviceMatrix output(DeviceKernels kernels, int rows, int columns) {
    long bytes = (long) (rows + MORE_ROWS) * columns * Short.BYTES;
    return new DeviceMatrix(
        kernels.poisoned(bytes), rows + MORE_ROWS, columns, DeviceElementType.BF16);
  }

  private static @Nullable DeviceVector vector(DeviceKernels kernels, float @Nullable [] values) {
    return values == null
        ? null
        : new DeviceVector(kernels.floats(values), values.length, DeviceElementType.F32);
  }

  private interface Expected {
    double at(int row, int column);
  }

  private static void assertRows(
      DeviceKernels kernels, DeviceMatrix output, int[] rows, boolean fp8, Expected expected) {
    kernels.stream().synchronize();
    int columns = output.columns();
    float[] all = kernels.readBf16(output.address(), output.rowCount() * columns);
    int end = (output.rowCount() - MORE_ROWS) * columns;
    for (int i = 0; i < all.length; i++) {
      if (Float.isNaN(all[i]) != i >= end) {
        assertThat(all[i]).as("row %s, column %s", i / columns, i % columns).isEqualTo(Float.NaN);
      }
    }
    for (int row : rows) {
      double[] own = new double[columns];
      double[] wanted = new double[columns];
      for (int column = 0; column < columns; column++) {
        own[column] = all[row * columns + column];
        wanted[column] = expected.at(row, column);
      }
      KernelRows.assertClose(own, wanted, fp8 ? FP8_ERROR : KernelRows.BF16_ERROR);
    }
  }
}
