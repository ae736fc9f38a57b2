package io.nightshift.runtime.model.shard;

import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** Some rows of a quantized matrix. Rows beyond its end have scales and offsets of zero. */
final class QuantizedRowSlice implements QuantizedTensor {
  private final QuantizedTensor whole;
  private final Slice rows;
  private final RowSlice plain;

  QuantizedRowSlice(String name, QuantizedTensor whole, Slice rows) {
    this.whole = whole;
    this.rows = rows;
    plain = new RowSlice(name, whole, rows);
  }

  @Override
  public String name() {
    return plain.name();
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
  public Quantization quantization() {
    return whole.quantization();
  }

  @Override
  public void readCodes(int row, byte[] target, int offset) {
    Objects.checkIndex(row, rows());
    if (exists(row)) {
      whole.readCodes(rows.first() + row, target, offset);
    } else {
      Arrays.fill(target, offset, offset + columns(), (byte) 0);
    }
  }

  @Override
  public void readGroups(int row, float[] scales, float[] offsets) {
    Objects.checkIndex(row, rows());
    if (exists(row)) {
      whole.readGroups(rows.first() + row, scales, offsets);
    } else {
      int groups = quantization().groupCount(columns());
      Arrays.fill(scales, 0, groups, 0);
      Arrays.fill(offsets, 0, groups, 0);
    }
  }

  private boolean exists(int row) {
    return rows.first() + row < whole.rows();
  }

  @Override
  public void readRows(int firstRow, int count, float[] target, int offset) {
    plain.readRows(firstRow, count, target, offset);
  }

  @Override
  public ByteBuffer rawRow(int row) {
    return plain.rawRow(row);
  }
}
