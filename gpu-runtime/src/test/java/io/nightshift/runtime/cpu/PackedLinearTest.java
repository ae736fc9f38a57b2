package io.nightshift.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MatMul.PostOperation;
import io.nightshift.runtime.cpu.onednn.MatMul.Scaling;
import io.nightshift.runtime.cpu.onednn.MatMulType;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.cpu.onednn.OneDnn;
import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.Quantization.ColumnGroups;
import io.nightshift.runtime.model.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Linear layers of quantized tensors, against the same tensors widened, in double precision. */
class PackedLinearTest {
  private final SplittableRandom random = new SplittableRandom();
  private final OneDnn library = new OneDnn();
  private KernelCache kernels;

  @BeforeEach
  void useOneThread() {
    library.useCallingThreadOnly();
    kernels = new KernelCache(library);
  }

  @AfterEach
  void close() {
    kernels.close();
    library.close();
  }

  @ParameterizedTest
  @CsvSource({
    "UINT4, 32, true, 64, 192, 4",
    "UINT4, 32, true, 576, 200, 20",
    "UINT4, 32, false, 96, 65, 8",
    "UINT4, 128, true, 256, 7, 12",
    "UINT4, 64, true, 192, 1, 4",
    "UINT4, 16, true, 2048, 130, 4",
    "UINT4, 32, true, 33, 33, 4",
    "UINT4, 32, true, 48, 20, 4",
    "UINT4, 1000, true, 50, 9, 4",
    "IQ4, 32, false, 64, 33, 16",
    "IQ4, 32, true, 64, 64, 8",
    "E2M1, 32, false, 96, 64, 4",
    "E2M1, 16, false, 80, 31, 20",
    "INT8, 16, false, 256, 100, 132",
    "INT8, 32, true, 160, 193, 4",
    "INT8, 24, true, 96, 11, 4",
    "INT8, 4096, false, 77, 13, 4",
    "E4M3, 128, false, 256, 64, 4",
    "E4M3, 64, true, 64, 5, 8",
  })
  void multipliesAsIfWidened(
      CodeType codes, int groupSize, boolean offsets, int inputs, int outputs, int rows) {
    Quantization quantization = new Quantization(codes, groupSize, offsets);
    Tensor tensor = new RandomQuantizedTensor("w", quantization, outputs, inputs, random);
    checkAll(List.of(tensor), rows);
  }

  @ParameterizedTest
  @CsvSource({
    "UINT4, 32, true, 576",
    "UINT4, 16, true, 48",
    "INT8, 24, true, 72",
    "INT8, 4096, false, 77",
    "E2M1, 16, false, 80",
    "E4M3, 64, true, 2048",
  })
  void aRowThatIsNotFiniteSpoilsNoOther(
      CodeType codes, int groupSize, boolean offsets, int inputs) {
    List<Tensor> weights = List.of(tensor("w", codes, groupSize, offsets, 40, inputs));
    for (MatMulType type : MatMulType.values()) {
      if (type == MatMulType.F32 || library.hasBf16()) {
        float[] source = floats(8 * inputs);
        float[] clean = product(weights, type, source);
        Arrays.fill(source, 3 * inputs, 4 * inputs, Float.NaN);
        float[] spoiled = product(weights, type, source);
        Arrays.fill(clean, 3 * 40, 4 * 40, Float.NaN);
        assertThat(spoiled).isEqualTo(clean);
      }
    }
  }

  /** Rows of a linear layer without a bias, for dense source rows. */
  private float[] product(List<Tensor> weights, MatMulType type, float[] source) {
    int inputs = weights.get(0).columns();
    int rows = source.length / inputs;
    float[] result = new float[rows * weights.get(0).rows()];
    try (LinearPacker packer = new LinearPacker(new LinearFormats(library, type), kernels, false);
        PackedLinear linear = packer.pack(weights, List.of());
        LinearInput input = new LinearInput(kernels);
        NativeMemory sources = memory(source);
        NativeMemory targets = memory(result)) {
      input.set(type, sources.address(), rows, inputs);
      linear.multiply(kernels, LinearOperands.of(input, targets.address()));
      targets.floats(result.length).get(result);
    }
    return result;
  }

  @Test
  void listedGroupsAreWidened() {
    int[] groups = new int[64];
    for (int column = 0; column < groups.length; column++) {
      groups[column] = random.nextInt(4);
    }
    Quantization quantization =
        new Quantization(CodeType.UINT4, 16, true, new ColumnGroups.Listed(groups));
    checkAll(List.of(new RandomQuantizedTensor("w", quantization, 40, 64, random)), 8);
  }

  @Test
  void tensorsOfOneLayerMayHaveDifferentEncodings() {
    checkAll(
        List.of(
            tensor("a", CodeType.UINT4, 32, true, 64, 64),
            tensor("b", CodeType.E4M3, 32, false, 30, 64),
            tensor("c", CodeType.E4M3, 64, false, 10, 64),
            tensor("d", CodeType.INT8, 16, true, 201, 64),
            tensor("e", CodeType.UINT4, 64, false, 3, 64),
            tensor("f", CodeType.E4M3, 16, true, 5, 64)),
        12);
  }

  @ParameterizedTest
  @EnumSource(MatMulType.class)
  void takesTheMemoryOfItsFormat(MatMulType type) {
    Quantization quantization = new Quantization(CodeType.UINT4, 32, true);
    RandomQuantizedTensor tensor =
        new RandomQuantizedTensor("w", quantization, 384, 576, random).withCenteredOffsets();
    LinearFormats formats = new LinearFormats(library, type);
    try (LinearPacker packer = new LinearPacker(formats, kernels, false);
        PackedLinear linear = packer.pack(List.of(tensor), List.of())) {
      assertThat(linear.bytes()).isEqualTo(formats.of(List.of(tensor)).bytes(library));
      // 4 bits of the code and a float for each 32 of them; the bias.
      assertThat(linear.bytes()).isEqualTo(384 * 576 * 5 / 8 + 384 * 4);
    }
  }

  private Tensor tensor(
      String name, CodeType codes, int groupSize, boolean offsets, int rows, int columns) {
    Quantization quantization = new Quantization(codes, groupSize, offsets);
    return new RandomQuantizedTensor(name, quantization, rows, columns, random);
  }

  private void checkAll(List<Tensor> weights, int rows) {
    check(weights, rows, MatMulType.F32, 1e-6);
    if (library.hasBf16()) {
      check(weights, rows, MatMulType.BF16, 1.0 / 256);
    }
  }

  /**
   * @param tolerance relative to the sum of the products' magnitudes
   */
  private void check(List<Tensor> weights, int rows, MatMulType type, double tolerance) {
    int inputs = weights.get(0).columns();
    int outputs = weights.stream().mapToInt(Tensor::rows).sum();
    List<Tensor> biases =
        weights.stream()
            .map(tensor -> tensor("bias", CodeType.INT8, tensor.rows(), true, 1, tensor.rows()))
            .toList();
    float[] source = floats(rows * inputs);
    float[] target = floats(rows * outputs);
    float[] factor = floats(rows * outputs);
    float[] added = target.clone();
    float[] multiplied = new float[rows * outputs];
    Scaling half = new Scaling(0.5f, 0);
    try (LinearPacker packer = new LinearPacker(new LinearFormats(library, type), kernels, false);
        PackedLinear linear = packer.pack(weights, biases);
        LinearInput input = new LinearInput(kernels);
        NativeMemory sources = memory(source);
        NativeMemory targets = memory(added);
        NativeMemory factors = memory(factor)) {
      input.set(type, sources.address(), rows, inputs);
      linear.multiply(kernels, LinearOperands.adding(input, targets.address(), half));
      targets.floats(added.length).get(added);
      linear.multiply(
          kernels,
          LinearOperands.combined(
              input, targets.address(), PostOperation.MULTIPLY, factors.address()));
      targets.floats(multiplied.length).get(multiplied);
    }
    for (int output = 0; output < outputs; output++) {
      float[] column = column(weights, output);
      float bias = bias(biases, output);
      for (int row = 0; row < rows; row++) {
        double expected = bias;
        double magnitude = Math.abs(bias) + 1;
        for (int i = 0; i < inputs; i++) {
          double product = (double) source[row * inputs + i] * column[i];
          expected += product;
          magnitude += Math.abs(product);
        }
        int at = row * outputs + output;
        assertThat((double) added[at])
            .isCloseTo(target[at] + expected / 2, within(tolerance * magnitude));
        assertThat((double) multiplied[at])
            .isCloseTo(expected * factor[at], within(tolerance * magnitude));
      }
    }
  }

  private static Offset<Double> within(double difference) {
    return Offset.offset(difference);
  }

  private static float[] column(List<Tensor> weights, int output) {
    int first = 0;
    for (Tensor tensor : weights) {
      if (output < first + tensor.rows()) {
        float[] row = new float[tensor.columns()];
        tensor.readRows(output - first, 1, row, 0);
        return row;
      }
      first += tensor.rows();
    }
    throw new IllegalArgumentException("No output " + output);
  }

  private static float bias(List<Tensor> biases, int output) {
    int first = 0;
    for (Tensor bias : biases) {
      if (output < first + bias.columns()) {
        float[] row = new float[bias.columns()];
        bias.readRows(0, 1, row, 0);
        return row[output - first];
      }
      first += bias.columns();
    }
    throw new IllegalArgumentException("No output " + output);
  }

  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private static NativeMemory memory(float[] values) {
    NativeMemory memory = NativeMemory.allocate((long) values.length * Float.BYTES, "a matrix");
    memory.floats(values.length).put(0, values);
    return memory;
  }
}
