package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.FloatEncoder;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;

/** A tensor plus a constant, such as the weights of Gemma's norms, which are stored minus 1. */
final class ShiftedTensor implements Tensor {
  private final Tensor stored;
  private final float constant;

  ShiftedTensor(Tensor stored, float constant) {
    this.stored = stored;
    this.constant = constant;
  }

  @Override
  public String name() {
    return stored.name();
  }

  /** F32, independently of the type in the file, since the sum may need its precision. */
  @Override
  public TensorType type() {
    return TensorType.F32;
  }

  @Override
  public int rows() {
    return stored.rows();
  }

  @Override
  public int columns() {
    return stored.columns();
  }

  @Override
  public void readRows(int firstRow, int count, float[] target, int offset) {
    stored.readRows(firstRow, count, target, offset);
    for (int i = offset; i < offset + count * columns(); i++) {
      target[i] += constant;
    }
  }

  @Override
  public ByteBuffer rawRow(int row) {
    float[] elements = new float[columns()];
    readRows(row, 1, elements, 0);
    return FloatEncoder.f32(elements);
  }
}
