package io.nightshift.connectors.arrow.row;

import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/** Strings and binary with 64-bit offsets: length and bytes; a value has less than 2 GiB. */
final class LargeVariableWidthCells extends CellCodec {
  @Override
  void writePresent(FieldVector vector, int start, int count, RowOutput out) {
    BaseLargeVariableWidthVector values = (BaseLargeVariableWidthVector) vector;
    for (int cell = start; cell < start + count; cell++) {
      int length = Math.toIntExact(values.getValueLength(cell));
      out.writeLength(length);
      out.writeBytes(values.getDataBuffer(), start(values, cell), length);
    }
  }

  @Override
  void readPresent(RowInput in, FieldVector vector, int start, int count) {
    BaseLargeVariableWidthVector values = (BaseLargeVariableWidthVector) vector;
    for (int cell = start; cell < start + count; cell++) {
      int length = in.readLength();
      values.setSafe(cell, in.bytes(), in.skip(length), length);
    }
  }

  private static long start(BaseLargeVariableWidthVector values, int cell) {
    return values
        .getOffsetBuffer()
        .getLong((long) cell * BaseLargeVariableWidthVector.OFFSET_WIDTH);
  }
}
