package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.QuantizedRows;
import io.nightshift.runtime.model.weights.StoredTensor;
import java.util.Optional;
import java.util.Set;

/**
 * {@code float-quantized}, {@code int-quantized}, {@code naive-quantized} and {@code
 * mxfp8-quantized}: a byte for each code, as a tensor {@code weight} of the matrix's shape.
 */
final class NaiveQuantized implements CompressedTensorsFormat {
  private final Scales scales;
  private final String type;

  /** What scales are stored as. */
  enum Scales {
    FLOATS(NumberGrid.FLOATS),
    POWERS_OF_TWO(Set.of(TensorType.U8, TensorType.F8_E8M0));

    private final Set<TensorType> types;

    Scales(Set<TensorType> types) {
      this.types = types;
    }
  }

  /**
   * @param type {@code int} or {@code float}; empty if weights may be either
   */
  NaiveQuantized(Scales scales, String type) {
    this.scales = scales;
    this.type = type;
  }

  @Override
  public void require(WeightArguments weights) {
    String found = weights.isFloat() ? "float" : "int";
    if (!type.isEmpty() && !found.equals(type)) {
      throw weights.problem("type", "%s, the format implies %s".formatted(found, type));
    }
    if (weights.bits() != 8) {
      throw weights.problem("num_bits", weights.bits() + " is not supported, expected 8");
    }
    if (weights.isFloat() && !weights.isSymmetric()) {
      throw weights.problem("symmetric", "false is not supported for floats");
    }
  }

  @Override
  public QuantizedRows open(LinearLayer layer, WeightArguments weights) {
    int columns = layer.columns();
    int size = weights.columnsOfGroup(columns);
    int groups = (columns + size - 1) / size;
    int rowsOfGroup = weights.rowsOfGroup(layer.rows());
    NumberGrid grid = layer.grid("weight_scale", scales.types, rowsOfGroup, groups);
    if (scales == Scales.POWERS_OF_TWO) {
      grid = grid.asPowersOfTwo();
    }
    if (weights.isFloat()) {
      return Float8Weights.open(layer, size, grid);
    }
    StoredTensor stored = layer.tensor("weight", TensorType.I8, layer.rows(), columns);
    Optional<ZeroPoints> zeroPoints =
        weights.isSymmetric()
            ? Optional.empty()
            : Optional.of(
                layer.grid("weight_zero_point", Set.of(TensorType.I8), rowsOfGroup, groups)::read);
    return new RowMajorMatrix(
        new Quantization(CodeType.INT8, size, zeroPoints.isPresent()),
        CodeRows.bytes(stored, columns),
        grid,
        1,
        zeroPoints);
  }
}
