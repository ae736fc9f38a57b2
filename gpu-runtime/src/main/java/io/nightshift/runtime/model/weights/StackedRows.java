package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import java.util.List;

/**
 * Some rows of a stored tensor that holds several matrices: on top of each other, {@code [rows,
 * columns]}, or as a stack, {@code [matrices, rows, columns]}, whose rows are numbered through.
 *
 * @param name name in the file
 * @param shape expected shape, outermost dimension first
 * @param order which row of the file each row is
 */
public record StackedRows(String name, List<Long> shape, RowOrder order) implements TensorSource {

  public StackedRows {
    shape = List.copyOf(shape);
  }

  @Override
  public Tensor open(StoredTensors stored, TensorShape part) {
    return stored.matrix(name, shape, part, order);
  }
}
