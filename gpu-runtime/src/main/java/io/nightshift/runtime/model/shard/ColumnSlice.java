package io.nightshift.runtime.model.shard;

import io.nightshift.runtime.model.FloatEncoder;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Some columns of a matrix, or elements of a vector. They are encoded as in the whole one if they
 * are whole blocks of its encoding, and else as {@link TensorType#F32}.
 */
final class ColumnSlice implements Tensor {
  /** Rows that are read at a time. Some tensors read several rows faster than one by one. */
  private static final int READ_ROWS = 64;

  private final Tensor whole;
  private final Slice columns;
  private final boolean wholeBlocks;

  ColumnSlice(Tensor whole, Slice columns) {
    this.whole = whole;
    this.columns = columns;
    int block = whole.type().blockElements();
    wholeBlocks = columns.first() % block == 0 && columns.count() % block == 0;
  }

  /** The slice; one that does not divide groups of a quantized matrix is quantized, too. */
  static Tensor of(Tensor whole, Slice columns) {
    return whole instanceof QuantizedTensor quantized
        ? QuantizedColumnSlice.of(quantized, columns)
            .orElseGet(() -> new ColumnSlice(whole, columns))
        : new ColumnSlice(whole, columns);
  }

  @Override
  public String name() {
    return whole.name();
  }

  @Override
  public TensorType type() {
    return wholeBlocks ? whole.type() : TensorType.F32;
  }

  @Override
  public int rows() {
    return whole.rows();
  }

  @Override
  public int columns() {
    return columns.count();
  }

  @Override
  public void readRows(int firstRow, int count, float[] target, int offset) {
    Objects.checkFromIndexSize(firstRow, count, rows());
    Objects.checkFromIndexSize(offset, (long) count * columns(), target.length);
    float[] wholeRows = new float[Math.min(count, READ_ROWS) * whole.columns()];
    for (int done = 0; done < count; done += READ_ROWS) {
      int some = Math.min(READ_ROWS, count - done);
      whole.readRows(firstRow + done, some, wholeRows, 0);
      for (int row = 0; row < some; row++) {
        System.arraycopy(
            wholeRows,
            row * whole.columns() + columns.first(),
            target,
            offset + (done + row) * columns(),
            columns());
      }
    }
  }

  @Override
  public ByteBuffer rawRow(int row) {
    if (wholeBlocks) {
      int first = (int) type().bytes(columns.first());
      int bytes = (int) type().bytes(columns.count());
      return whole.rawRow(row).slice(first, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    float[] elements = new float[columns()];
    readRows(row, 1, elements, 0);
    return FloatEncoder.f32(elements);
  }
}
