package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.TensorShape;
import java.util.Objects;

/** A tensor of floating-point numbers. */
final class MappedFloatTensor extends MappedTensor {
  private final FloatDecoder decoder;

  MappedFloatTensor(
      StoredTensor stored, TensorShape shape, RowOrder rowOrder, FloatDecoder decoder) {
    super(stored, shape, rowOrder);
    this.decoder = decoder;
  }

  @Override
  public void readRows(int firstRow, int count, float[] target, int targetOffset) {
    Objects.checkFromIndexSize(firstRow, count, rows());
    Objects.checkFromIndexSize(targetOffset, (long) count * columns(), target.length);
    byte[] stored = new byte[rowBytes()];
    for (int row = 0; row < count; row++) {
      readStored(firstRow + row, stored);
      decoder.decode(stored, columns(), target, targetOffset + row * columns());
    }
  }
}
