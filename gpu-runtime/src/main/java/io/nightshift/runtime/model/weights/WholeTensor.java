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
    StoredTensor found = stored.numbers(name);
    boolean vector = shape.rows() == 1 && found.shape().size() == 1;
    stored.requireShape(
        found,
        vector
            ? List.of((long) shape.columns())
            : List.of((long) shape.rows(), (long) shape.columns()));
    RowOrder orderOfRows = vector ? RowOrder.AS_STORED : order;
    Tensor tensor = MappedTensor.of(found, shape, orderOfRows);
    return orderOfRows == order ? tensor : new ReorderedVector(tensor, shape.columns(), order);
  }
}
