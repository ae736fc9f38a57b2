package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import java.util.List;

/**
 * Some columns of a matrix in a stored stack {@code [matrices, rows, columns]}, each of which is a
 * row of the tensor: experts as gpt-oss has them, {@code [in, out]}.
 *
 * @param name name in the file
 * @param shape expected shape
 * @param matrix index of the matrix
 * @param order which column of the matrix each row of the tensor is
 */
public record StackedColumns(String name, List<Long> shape, int matrix, RowOrder order)
    implements TensorSource {

  public StackedColumns {
    shape = List.copyOf(shape);
  }

  @Override
  public Tensor open(StoredTensors stored, TensorShape part) {
    return new TransposedTensor(stored.numbers(name, shape), matrix, part, order);
  }
}
