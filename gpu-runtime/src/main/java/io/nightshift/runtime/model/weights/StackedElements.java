package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import java.util.List;

/**
 * A vector whose elements are some of those of a row of a stored matrix, such as the bias of an
 * expert's gate projection.
 *
 * @param name name in the file
 * @param shape expected shape: {@code [rows, elements]}
 * @param row the row
 * @param order which element of the row each element is
 */
public record StackedElements(String name, List<Long> shape, int row, RowOrder order)
    implements TensorSource {

  public StackedElements {
    shape = List.copyOf(shape);
  }

  @Override
  public Tensor open(StoredTensors stored, TensorShape vector) {
    StoredTensor matrix = stored.numbers(name, shape);
    TensorShape wholeRow = new TensorShape(vector.name(), 1, Math.toIntExact(shape.get(1)));
    Tensor tensor = MappedTensor.of(matrix, wholeRow, RowOrder.strided(row, 1));
    return new ReorderedVector(tensor, vector.columns(), order);
  }
}
