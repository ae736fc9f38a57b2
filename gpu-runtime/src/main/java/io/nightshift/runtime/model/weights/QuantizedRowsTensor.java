package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.TensorShape;
import java.util.Objects;

/** A tensor of the model whose rows are some of a {@link QuantizedRows}. */
final class QuantizedRowsTensor implements QuantizedTensor {
  private final QuantizedRows rows;
  private final TensorShape shape;
  private final RowOrder order;
  private final int groups;

  QuantizedRowsTensor(QuantizedRows rows, TensorShape shape, RowOrder order) {
    this.rows = rows;
    this.shape = shape;
    this.order = order;
    this.groups = rows.quantization().groupCount(shape.columns());
  }

  @Override
  public String name() {
    return shape.name();
  }

  @Override
  public int rows() {
    return shape.rows();
  }

  @Override
  public int columns() {
    return shape.columns();
  }

  @Override
  public Quantization quantization() {
    return rows.quantization();
  }

  @Override
  public void readCodes(int row, byte[] target, int offset) {
    Objects.checkIndex(row, rows());
    Objects.checkFromIndexSize(offset, columns(), target.length);
    rows.readCodes(order.storedRow(row), target, offset);
  }

  @Override
  public void readGroups(int row, float[] scales, float[] offsets) {
    Objects.checkIndex(row, rows());
    rows.readGroups(order.storedRow(row), scales, offsets);
    FiniteGroups.require(name(), row, groups, scales, offsets);
  }
}
