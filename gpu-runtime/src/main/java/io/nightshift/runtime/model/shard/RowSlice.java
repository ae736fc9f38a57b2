package io.nightshift.runtime.model.shard;

import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/** Some rows of a matrix, as they are stored. Rows beyond the end of the matrix are zeros. */
final class RowSlice implements Tensor {
  private final String name;
  private final Tensor whole;
  private final Slice rows;

  RowSlice(String name, Tensor whole, Slice rows) {
    this.name = name;
    this.whole = whole;
    this.rows = rows;
  }

  /** The slice; that of a quantized matrix is quantized, too. */
  static Tensor of(String name, Tensor whole, Slice rows) {
    return whole instanceof QuantizedTensor quantized
        ? new QuantizedRowSlice(name, quantized, rows)
        : new RowSlice(name, whole, rows);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public TensorType type() {
    return whole.type();
  }

  @Override
  public int rows() {
    return rows.count();
  }

  @Override
  public int columns() {
    return whole.columns();
  }

  @Override
  public void readRows(int firstRow, int count, float[] target, int offset) {
    Objects.checkFromIndexSize(firstRow, count, rows());
    Objects.checkFromIndexSize(offset, (long) count * columns(), target.length);
    int first = rows.first() + firstRow;
    int stored = Math.max(0, Math.min(count, whole.rows() - first));
    if (stored > 0) {
      whole.readRows(first, stored, target, offset);
    }
    Arrays.fill(target, offset + stored * columns(), offset + count * columns(), 0);
  }

  /** A row of zeros is one of zero bytes in each encoding, whose blocks then have scale zero. */
  @Override
  public ByteBuffer rawRow(int row) {
    Objects.checkIndex(row, rows());
    if (rows.first() + row < whole.rows()) {
      return whole.rawRow(rows.first() + row);
    }
    return ByteBuffer.allocate(Math.toIntExact(type().bytes(columns())))
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
