package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.TensorType;
import java.util.List;

/**
 * What a file's header says of one tensor.
 *
 * @param name the file's own name for it
 * @param shape outermost dimension first: {@code [elements]} or {@code [rows, columns]}
 * @param offset of its first byte from the start of the file
 */
public record StoredTensor(
    MappedFile file, String name, TensorType type, List<Long> shape, long offset) {

  public StoredTensor {
    shape = List.copyOf(shape);
  }
}
