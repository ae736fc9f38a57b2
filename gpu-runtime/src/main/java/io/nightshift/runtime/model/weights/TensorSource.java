package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;

/** Where a tensor of a model is in its files, and how it is made of what is stored there. */
@FunctionalInterface
public interface TensorSource {

  /**
   * Opens the tensor, without reading its elements if it is a matrix.
   *
   * @param shape Hugging Face's name of the tensor, and its shape
   * @throws ModelFormatException if a stored tensor that it needs is missing, or has another shape
   *     or type than expected
   */
  Tensor open(StoredTensors stored, TensorShape shape);

  /** A stored tensor as it is. */
  static TensorSource whole(String name) {
    return new WholeTensor(name, RowOrder.AS_STORED);
  }

  /** The same tensor with a constant added to each element. */
  default TensorSource plus(float constant) {
    return (stored, shape) -> new ShiftedTensor(open(stored, shape), constant);
  }
}
