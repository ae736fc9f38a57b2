package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.TensorType;
import java.util.List;

/**
 * A tensor as described by a file's header.
 *
 * @param name name in the file
 * @param shape outermost dimension first: {@code [elements]} or {@code [rows, columns]}
 * @param offset offset of the first byte in the file
 */
public record StoredTensor(
    MappedFile file, String name, TensorType type, List<Long> shape, long offset) {

  public StoredTensor {
    shape = List.copyOf(shape);
  }
}
