package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import java.util.List;

/**
 * A stored tensor of the same shape.
 *
 * @param name name in the file
 * @param order order in the file of the rows of a matrix, or of the elements of a vector
 */
public record WholeTensor(String name, RowOrder order) implements TensorSource {

  @Override
  public Tensor open(StoredTensors stored, TensorShape shape) {
    if (shape.rows() == 1 && stored.isVector(name)) {
      StoredTensor vector = stored.numbers(name, List.of((long) shape.columns()));
      Tensor tensor = MappedTensor.of(vector, shape, RowOrder.AS_STORED);
      return order == RowOrder.AS_STORED
          ? tensor
          : new ReorderedVector(tensor, shape.columns(), order);
    }
    return stored.matrix(name, List.of((long) shape.rows(), (long) shape.columns()), shape, order);
  }
}
