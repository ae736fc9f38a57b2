package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.FloatEncoder;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A vector whose elements are stored in a {@link RowOrder}, such as the bias of a projection with
 * reordered rows. It is small, so it is decoded and reordered on construction.
 */
final class ReorderedVector implements Tensor {
  private final String name;
  private final float[] elements;

  /**
   * @param stored a vector, of which all or some elements are used
   * @param count number of elements
   * @param order which stored element each element is
   */
  ReorderedVector(Tensor stored, int count, RowOrder order) {
    float[] inFileOrder = new float[stored.columns()];
    stored.readRows(0, 1, inFileOrder, 0);
    this.name = stored.name();
    this.elements = new float[count];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = inFileOrder[order.storedRow(i)];
    }
  }

  @Override
  public String name() {
    return name;
  }

  /** F32, independently of the type in the file. */
  @Override
  public TensorType type() {
    return TensorType.F32;
  }

  @Override
  public int rows() {
    return 1;
  }

  @Override
  public int columns() {
    return elements.length;
  }

  @Override
  public void readRows(int firstRow, int count, float[] target, int offset) {
    Objects.checkFromIndexSize(firstRow, count, 1);
    System.arraycopy(elements, 0, target, offset, count * elements.length);
  }

  @Override
  public ByteBuffer rawRow(int row) {
    Objects.checkIndex(row, 1);
    return FloatEncoder.f32(elements);
  }
}
