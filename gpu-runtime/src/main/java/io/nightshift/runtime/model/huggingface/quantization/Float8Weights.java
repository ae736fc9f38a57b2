package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.QuantizedRows;
import io.nightshift.runtime.model.weights.StoredTensor;
import java.util.Optional;

/** Weights of 8-bit floats e4m3 as a tensor {@code weight} of the matrix's shape. */
final class Float8Weights {
  private static final String WEIGHT = "weight";

  private Float8Weights() {}

  static boolean isStored(LinearLayer layer) {
    return layer.hasType(WEIGHT, TensorType.F8_E4M3);
  }

  /**
   * @param groupSize columns that share a scale
   */
  static QuantizedRows open(LinearLayer layer, int groupSize, NumberGrid scales) {
    StoredTensor codes = layer.tensor(WEIGHT, TensorType.F8_E4M3, layer.rows(), layer.columns());
    return new RowMajorMatrix(
        new Quantization(CodeType.E4M3, groupSize, false),
        CodeRows.bytes(codes, layer.columns()),
        scales,
        1,
        Optional.empty());
  }
}
