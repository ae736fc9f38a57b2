package io.nightshift.connectors.arrow.row;

import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.Types.MinorType;

/**
 * Numbers, decimals, dates, times, intervals and fixed-size binary: the bytes of Arrow's data
 * buffer as they are, a run of them in one copy. Numbers of a narrower type are widened.
 */
final class FixedWidthCells extends CellCodec {
  private final MinorType type;

  FixedWidthCells(MinorType type) {
    this.type = type;
  }

  @Override
  void writePresent(FieldVector vector, int start, int count, RowOutput out) {
    if (vector.getMinorType() != type) {
      WiderNumber number = WiderNumber.of(vector, type);
      for (int cell = start; cell < start + count; cell++) {
        number.write(cell, out);
      }
      return;
    }
    int width = ((BaseFixedWidthVector) vector).getTypeWidth();
    out.writeBytes(vector.getDataBuffer(), (long) start * width, Math.multiplyExact(count, width));
  }

  @Override
  void readPresent(RowInput in, FieldVector vector, int start, int count) {
    int width = ((BaseFixedWidthVector) vector).getTypeWidth();
    int length = Math.multiplyExact(count, width);
    int offset = in.skip(length);
    while (vector.getValueCapacity() < start + count) {
      vector.reAlloc();
    }
    vector.getDataBuffer().setBytes((long) start * width, in.bytes(), offset, length);
    for (int cell = start; cell < start + count; cell++) {
      BitVectorHelper.setBit(vector.getValidityBuffer(), cell);
    }
  }
}
