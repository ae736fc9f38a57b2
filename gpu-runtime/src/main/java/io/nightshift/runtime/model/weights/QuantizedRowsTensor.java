package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A tensor of the model whose rows are some of a {@link QuantizedRows}. */
final class QuantizedRowsTensor implements QuantizedTensor {
  private final QuantizedRows rows;
  private final TensorShape shape;
  private final RowOrder order;

  QuantizedRowsTensor(QuantizedRows rows, TensorShape shape, RowOrder order) {
    this.rows = rows;
    this.shape = shape;
    this.order = order;
  }

  @Override
  public String name() {
    return shape.name();
  }

  /** F32, the encoding of {@link #rawRow}: the codes have no type of their own. */
  @Override
  public TensorType type() {
    return TensorType.F32;
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
  }

  @Override
  public ByteBuffer rawRow(int row) {
    float[] elements = new float[columns()];
    readRows(row, 1, elements, 0);
    return FloatEncoder.f32(elements);
  }
}
