package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A vector whose elements are stored in a {@link RowOrder}, such as the bias of a projection with
 * reordered rows. It is small, so it is decoded and reordered on construction.
 */
public final class ReorderedVector implements Tensor {
  private final String name;
  private final float[] elements;

  public ReorderedVector(Tensor stored, RowOrder order) {
    float[] inFileOrder = new float[stored.columns()];
    stored.readRows(0, 1, inFileOrder, 0);
    this.name = stored.name();
    this.elements = new float[inFileOrder.length];
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
    ByteBuffer bytes =
        ByteBuffer.allocate(elements.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(elements);
    return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
