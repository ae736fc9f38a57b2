package io.nightshift.runtime.model.shard;

import io.nightshift.runtime.model.FloatEncoder;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** Zeros in the place of a vector that another rank adds. */
final class ZeroVector implements Tensor {
  private final Tensor replaced;

  ZeroVector(Tensor replaced) {
    this.replaced = replaced;
  }

  @Override
  public String name() {
    return replaced.name();
  }

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
    return replaced.columns();
  }

  @Override
  public void readRows(int firstRow, int count, float[] target, int offset) {
    Objects.checkFromIndexSize(firstRow, count, rows());
    Arrays.fill(target, offset, offset + count * columns(), 0);
  }

  @Override
  public ByteBuffer rawRow(int row) {
    Objects.checkIndex(row, rows());
    return FloatEncoder.f32(new float[columns()]);
  }
}
