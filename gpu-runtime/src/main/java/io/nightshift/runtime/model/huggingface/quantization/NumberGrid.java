package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.StoredNumbers;
import io.nightshift.runtime.model.weights.StoredTensor;
import io.nightshift.runtime.model.weights.StoredTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Scales or zero points of a matrix, {@code [rows / rowsOfEach, groups]}: one for the whole matrix,
 * one for each row, for each group of columns in a row, or for each block of rows and columns.
 *
 * @param rowsOfEach rows that share them
 * @param groups groups of columns
 */
record NumberGrid(StoredTensor stored, int rowsOfEach, int groups) {
  static final Set<TensorType> FLOATS = Set.of(TensorType.F32, TensorType.F16, TensorType.BF16);

  /**
   * Finds the numbers.
   *
   * @param rows rows of the matrix
   * @throws io.nightshift.runtime.model.ModelFormatException if the tensor is missing or has
   *     another type or shape
   */
  static NumberGrid of(
      StoredTensors stored,
      String name,
      Set<TensorType> types,
      long rows,
      int rowsOfEach,
      int groups) {
    long first = (rows + rowsOfEach - 1) / rowsOfEach;
    List<List<Long>> shapes = new ArrayList<>();
    shapes.add(List.of(first, (long) groups));
    if (groups == 1) {
      shapes.add(List.of(first));
    }
    if (groups == 1 && first == 1) {
      shapes.add(List.of());
    }
    return new NumberGrid(stored.required(name, types, shapes), rowsOfEach, groups);
  }

  /** The same with bytes as exponents e8m0 of powers of two. */
  NumberGrid asPowersOfTwo() {
    StoredTensor powers =
        new StoredTensor(
            stored.file(), stored.name(), TensorType.F8_E8M0, stored.shape(), stored.offset());
    return new NumberGrid(powers, rowsOfEach, groups);
  }

  /** Reads the numbers of a row's groups. */
  void read(int row, float[] target) {
    StoredNumbers.read(stored, (long) (row / rowsOfEach) * groups, groups, target);
  }
}
