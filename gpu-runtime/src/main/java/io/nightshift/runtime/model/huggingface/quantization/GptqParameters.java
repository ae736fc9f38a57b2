package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.Quantization.ColumnGroups;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.QuantizedRows;
import io.nightshift.runtime.model.weights.StoredTensor;

/**
 * How GPTQ has quantized a layer.
 *
 * @param bits 4 or 8
 * @param groupSize columns of a group, or {@link GroupSize#WHOLE_ROW}
 * @param actOrder whether columns were quantized in the order of their activations, so that each
 *     says its group
 */
record GptqParameters(int bits, int groupSize, boolean actOrder) {
  private static final String BITS = "bits";
  private static final String GROUP_INDEX = "g_idx";

  static GptqParameters read(JsonFile json) {
    int bits = json.requiredInteger(BITS);
    if (bits != 4 && bits != 8) {
      throw json.problem(BITS, bits + " is not supported, expected 4 or 8");
    }
    return new GptqParameters(bits, GroupSize.read(json), json.bool("desc_act").orElse(false));
  }

  /** The tensors of a layer. */
  QuantizedRows open(LinearLayer layer, int zeroPointsStoredLess, RowBlockCache cache) {
    int codesOfWord = Integer.SIZE / bits;
    int rows = layer.rows();
    int columns = layer.columns();
    if (rows % codesOfWord != 0 || columns % codesOfWord != 0) {
      throw layer.problem(
          "qweight",
          "[%s, %s] is no matrix of whole 32-bit integers of %s-bit codes"
              .formatted(rows, columns, bits));
    }
    int size = GroupSize.columns(groupSize, columns);
    int groups = (columns + size - 1) / size;
    StoredTensor codes = layer.tensor("qweight", TensorType.I32, columns / codesOfWord, rows);
    StoredTensor scales = layer.tensor("scales", NumberGrid.FLOATS, groups, rows);
    StoredTensor zeroPoints = layer.tensor("qzeros", TensorType.I32, groups, rows / codesOfWord);
    Quantization quantization =
        new Quantization(
            bits == 4 ? CodeType.UINT4 : CodeType.INT8, size, true, columnGroups(layer, size));
    return new GptqMatrix(
        quantization, rows, columns, codes, scales, zeroPoints, zeroPointsStoredLess, cache);
  }

  private ColumnGroups columnGroups(LinearLayer layer, int size) {
    if (!actOrder && !layer.has(GROUP_INDEX)) {
      return ColumnGroups.CONSECUTIVE;
    }
    return GroupIndex.read(layer, GROUP_INDEX, size);
  }
}
