package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.QuantizedRows;
import io.nightshift.runtime.model.weights.StoredNumbers;
import io.nightshift.runtime.model.weights.StoredTensor;
import java.util.Optional;
import java.util.Set;

/**
 * {@code mxfp4-pack-quantized} and {@code nvfp4-pack-quantized}: 4-bit floats e2m1, two in a byte,
 * with a power of two for each 32 of them, or with an 8-bit float for each 16 and one number for
 * the whole matrix, which scales are divided by.
 */
final class Float4Packed implements CompressedTensorsFormat {
  private static final String GLOBAL_SCALE = "weight_global_scale";

  private final boolean nvidia;

  Float4Packed(boolean nvidia) {
    this.nvidia = nvidia;
  }

  @Override
  public void require(WeightArguments weights) {
    if (!weights.isFloat()) {
      throw weights.problem("type", "int, the format implies float");
    }
    if (weights.bits() != 4) {
      throw weights.problem("num_bits", weights.bits() + ", the format implies 4");
    }
    if (!weights.isSymmetric()) {
      throw weights.problem("symmetric", "false is not supported for floats");
    }
    if (weights.hasGlobalScale() != nvidia) {
      throw weights.problem(
          "strategy", "expected " + (nvidia ? "tensor_group" : "group") + " for this format");
    }
  }

  @Override
  public QuantizedRows open(LinearLayer layer, WeightArguments weights) {
    int columns = layer.columns();
    int size = weights.columnsOfGroup(columns);
    int groups = (columns + size - 1) / size;
    int rowBytes = (columns + 1) / 2;
    StoredTensor stored = layer.tensor("weight_packed", TensorType.U8, layer.rows(), rowBytes);
    NumberGrid grid =
        nvidia
            ? layer.grid("weight_scale", Set.of(TensorType.F8_E4M3), 1, groups)
            : layer
                .grid("weight_scale", Set.of(TensorType.U8, TensorType.F8_E8M0), 1, groups)
                .asPowersOfTwo();
    return new RowMajorMatrix(
        new Quantization(CodeType.E2M1, size, false),
        CodeRows.nibbles(stored, columns, rowBytes),
        grid,
        nvidia ? globalScale(layer) : 1,
        Optional.empty());
  }

  private static float globalScale(LinearLayer layer) {
    float[] scale = new float[1];
    NumberGrid one = layer.grid(GLOBAL_SCALE, Set.of(TensorType.F32), layer.rows(), 1);
    StoredNumbers.read(one.stored(), 0, 1, scale);
    if (!(scale[0] > 0) || scale[0] == Float.POSITIVE_INFINITY) {
      throw layer.problem(GLOBAL_SCALE, "is %s, expected a positive number".formatted(scale[0]));
    }
    return scale[0];
  }
}
