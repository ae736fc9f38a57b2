package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.Quantization.ColumnGroups;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.QuantizedRows;
import io.nightshift.runtime.model.weights.StoredTensor;
import java.util.Optional;
import java.util.Set;

/**
 * {@code pack-quantized}: integers of 4 or 8 bits, stored plus half of their range, those of
 * consecutive columns in a 32-bit integer from its lowest bits on. Zero points are packed in the
 * same way, those of consecutive rows together.
 */
final class PackQuantized implements CompressedTensorsFormat {
  private static final String CODES = "weight_packed";
  private static final String SHAPE = "weight_shape";
  private static final String GROUP_INDEX = "weight_g_idx";

  @Override
  public void require(WeightArguments weights) {
    if (weights.isFloat()) {
      throw weights.problem("type", "float is not supported in pack-quantized, expected int");
    }
    if (weights.bits() != 4 && weights.bits() != 8) {
      throw weights.problem("num_bits", weights.bits() + " is not supported, expected 4 or 8");
    }
  }

  @Override
  public QuantizedRows open(LinearLayer layer, WeightArguments weights) {
    int columns = layer.columns();
    int codesOfWord = Integer.SIZE / weights.bits();
    int words = (columns + codesOfWord - 1) / codesOfWord;
    int rowBytes = words * Integer.BYTES;
    StoredTensor stored = layer.tensor(CODES, TensorType.I32, layer.rows(), words);
    requireShape(layer);
    int size = weights.columnsOfGroup(columns);
    int groups = (columns + size - 1) / size;
    if (weights.hasListedGroups() && !layer.has(GROUP_INDEX)) {
      throw layer.problem(GROUP_INDEX, "is missing, and actorder implies it");
    }
    boolean fourBits = weights.bits() == 4;
    Optional<ZeroPoints> zeroPoints = zeroPoints(layer, weights, groups);
    Quantization quantization =
        new Quantization(
            fourBits ? CodeType.UINT4 : CodeType.INT8,
            size,
            zeroPoints.isPresent(),
            layer.has(GROUP_INDEX)
                ? GroupIndex.read(layer, GROUP_INDEX, size)
                : ColumnGroups.CONSECUTIVE);
    return new RowMajorMatrix(
        quantization,
        fourBits
            ? CodeRows.nibbles(stored, columns, rowBytes)
            : CodeRows.shiftedBytes(stored, columns, rowBytes),
        layer.grid("weight_scale", NumberGrid.FLOATS, weights.rowsOfGroup(layer.rows()), groups),
        1,
        zeroPoints);
  }

  /** In the same numbers as codes: those of 4 bits as stored, those of 8 bits signed. */
  private static Optional<ZeroPoints> zeroPoints(
      LinearLayer layer, WeightArguments weights, int groups) {
    int bits = weights.bits();
    if (weights.isSymmetric()) {
      return bits == 4 ? Optional.of(ZeroPoints.constant(8, groups)) : Optional.empty();
    }
    int rowsOfWord = Integer.SIZE / bits;
    StoredTensor stored =
        layer.tensor(
            "weight_zero_point",
            TensorType.I32,
            (layer.rows() + rowsOfWord - 1) / rowsOfWord,
            groups);
    return Optional.of(ZeroPoints.packedRows(stored, bits, groups, bits == 4 ? 0 : 128));
  }

  private static void requireShape(LinearLayer layer) {
    StoredTensor stored = layer.tensor(SHAPE, Set.of(TensorType.I64, TensorType.I32), 2);
    boolean isLong = stored.type() == TensorType.I64;
    long rows =
        isLong ? stored.file().getLong(stored.offset()) : stored.file().getInt(stored.offset());
    long columns =
        isLong
            ? stored.file().getLong(stored.offset() + Long.BYTES)
            : stored.file().getInt(stored.offset() + Integer.BYTES);
    if (rows != layer.rows() || columns != layer.columns()) {
      throw layer.problem(
          SHAPE,
          "says [%s, %s], the model's configuration implies [%s, %s]"
              .formatted(rows, columns, layer.rows(), layer.columns()));
    }
  }
}
