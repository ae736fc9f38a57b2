package io.nightshift.runtime.cuda.weights;

import java.util.ArrayList;
import java.util.List;

/**
 * Some rows of a tensor.
 *
 * @param tensor name of the tensor in Hugging Face's layout
 * @param first number of the first row
 */
record TensorRows(String tensor, int first, int count) {

  /** All rows of a tensor. */
  static TensorRows all(String tensor, int rows) {
    return new TensorRows(tensor, 0, rows);
  }

  /** Number of rows together. */
  static int count(List<TensorRows> rows) {
    return rows.stream().mapToInt(TensorRows::count).sum();
  }

  /** Those of the rows, counted through all of them, from {@code from} on. */
  static List<TensorRows> slice(List<TensorRows> rows, int from, int count) {
    List<TensorRows> slice = new ArrayList<>();
    int before = 0;
    for (TensorRows part : rows) {
      int begin = Math.max(0, from - before);
      int end = Math.min(part.count, from + count - before);
      if (begin < end) {
        slice.add(new TensorRows(part.tensor, part.first + begin, end - begin));
      }
      before += part.count;
    }
    return slice;
  }
}
