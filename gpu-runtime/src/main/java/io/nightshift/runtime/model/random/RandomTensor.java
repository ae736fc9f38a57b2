package io.nightshift.runtime.model.random;

import io.nightshift.runtime.model.FloatEncoder;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** A tensor whose rows are functions of its name and their number. */
final class RandomTensor implements Tensor {
  private final TensorShape shape;
  private final NormalNumbers numbers;

  RandomTensor(TensorShape shape, NormalNumbers numbers) {
    this.shape = shape;
    this.numbers = numbers;
  }

  @Override
  public String name() {
    return shape.name();
  }

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
  public void readRows(int firstRow, int count, float[] target, int offset) {
    Objects.checkFromIndexSize(firstRow, count, rows());
    Objects.checkFromIndexSize(offset, count * columns(), target.length);
    for (int i = 0; i < count; i++) {
      int start = offset + i * columns();
      if (name().endsWith("norm.weight")) {
        Arrays.fill(target, start, start + columns(), 1);
      } else if (name().endsWith(".bias") || name().endsWith(".sinks")) {
        Arrays.fill(target, start, start + columns(), 0);
      } else {
        numbers.fill((long) name().hashCode() << 32 | (firstRow + i), target, start, columns());
      }
    }
  }

  @Override
  public ByteBuffer rawRow(int row) {
    float[] values = new float[columns()];
    readRows(row, 1, values, 0);
    return FloatEncoder.f32(values);
  }
}
