package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.LinearFormat.DenseFormat;
import io.nightshift.runtime.cpu.LinearFormat.QuantizedFormat;
import io.nightshift.runtime.cpu.LinearFormat.SliceFormat;
import io.nightshift.runtime.cpu.onednn.CodeLayout;
import io.nightshift.runtime.cpu.onednn.MatMul.QuantizedWeights;
import io.nightshift.runtime.cpu.onednn.MatMulType;
import io.nightshift.runtime.cpu.onednn.OneDnn;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.Quantization.ColumnGroups;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Chooses how linear layers are stored. Quantized tensors stay packed. They are widened instead if
 * their codes are 8-bit floats, if they list the groups of columns (GPTQ's act-order), if oneDNN
 * does not unpack groups of their size, or if the CPU has no AVX2.
 */
final class LinearFormats {
  private final OneDnn library;
  private final MatMulType type;
  private final Map<String, Boolean> offsets = new HashMap<>();
  private final Set<String> widened = new TreeSet<>();

  /**
   * @param type of the inputs, and of weights that do not stay packed
   */
  LinearFormats(OneDnn library, MatMulType type) {
    this.library = library;
    this.type = type;
  }

  /** Names of the quantized tensors that {@link #of} has widened so far. */
  Set<String> widened() {
    return widened;
  }

  OneDnn library() {
    return library;
  }

  /** The format of a layer whose outputs are those of all {@code weights}, one after another. */
  LinearFormat of(List<Tensor> weights) {
    int inputs = weights.get(0).columns();
    int outputs = weights.stream().mapToInt(Tensor::rows).sum();
    List<SliceFormat> slices = new ArrayList<>();
    // Neighbors that are widened share slices.
    int widened = 0;
    int start = 0;
    for (Tensor tensor : weights) {
      OptionalInt group = groupSize(tensor);
      if (group.isPresent()) {
        addDense(slices, widened, start, inputs, type);
        addQuantized(slices, start, (QuantizedTensor) tensor, group.getAsInt());
        widened = start + tensor.rows();
      }
      start += tensor.rows();
    }
    addDense(slices, widened, outputs, inputs, type);
    return new LinearFormat(type, inputs, outputs, slices);
  }

  /** The format of a layer in f32. */
  static LinearFormat exact(Tensor weights) {
    List<SliceFormat> slices = new ArrayList<>();
    addDense(slices, 0, weights.rows(), weights.columns(), MatMulType.F32);
    return new LinearFormat(MatMulType.F32, weights.columns(), weights.rows(), slices);
  }

  private static void addDense(
      List<SliceFormat> slices, int from, int to, int inputs, MatMulType type) {
    int width = PackedLinear.sliceColumns(inputs);
    for (int start = from; start < to; start += width) {
      slices.add(new DenseFormat(start, inputs, Math.min(width, to - start), type));
    }
  }

  private void addQuantized(
      List<SliceFormat> slices, int from, QuantizedTensor tensor, int groupSize) {
    int inputs = tensor.columns();
    int width = PackedLinear.sliceColumns(inputs);
    SignedCodes codes = SignedCodes.of(tensor.quantization().codes());
    boolean hasOffsets =
        offsets.computeIfAbsent(tensor.name(), name -> hasOffsets(tensor, codes.center()));
    for (int row = 0; row < tensor.rows(); row += width) {
      int columns = Math.min(width, tensor.rows() - row);
      CodeLayout layout = CodeLayout.of(codes.bits(), inputs, columns);
      slices.add(
          new QuantizedFormat(
              from + row,
              columns,
              tensor,
              row,
              new QuantizedWeights(layout, groupSize, type),
              hasOffsets));
    }
  }

  /** The group size that a tensor stays packed with, or empty if it is widened. */
  private OptionalInt groupSize(Tensor tensor) {
    if (!(tensor instanceof QuantizedTensor quantized)) {
      return OptionalInt.empty();
    }
    OptionalInt size = packedGroupSize(quantized.quantization(), tensor.columns());
    if (size.isEmpty()) {
      widened.add(tensor.name());
    }
    return size;
  }

  private OptionalInt packedGroupSize(Quantization quantization, int inputs) {
    if (!library.unpacksWeights()
        || !SignedCodes.exist(quantization.codes())
        || !(quantization.groups() instanceof ColumnGroups.Consecutive)) {
      return OptionalInt.empty();
    }
    int size = Math.min(inputs, quantization.groupSize());
    // A group may be divided into several that have the same scale.
    int divisor = greatestCommonDivisor(inputs, size);
    return divisor == inputs || divisor % LinearFormat.MIN_GROUP == 0
        ? OptionalInt.of(divisor)
        : OptionalInt.empty();
  }

  /** Whether an offset is not zero once codes are centered; true for the first group, mostly. */
  private static boolean hasOffsets(QuantizedTensor tensor, float center) {
    if (!tensor.quantization().hasOffsets() && center == 0) {
      return false;
    }
    float[] scales = new float[tensor.quantization().groupCount(tensor.columns())];
    float[] offsets = new float[scales.length];
    for (int row = 0; row < tensor.rows(); row++) {
      tensor.readGroups(row, scales, offsets);
      for (int group = 0; group < scales.length; group++) {
        if (offsets[group] + center * scales[group] != 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static int greatestCommonDivisor(int first, int second) {
    return second == 0 ? first : greatestCommonDivisor(second, first % second);
  }
}
