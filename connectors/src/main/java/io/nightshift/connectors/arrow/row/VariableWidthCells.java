package io.nightshift.connectors.arrow.row;

import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/** Strings and binary with 32-bit offsets: length and bytes. */
final class VariableWidthCells extends CellCodec {
  @Override
  void writePresent(FieldVector vector, int start, int count, RowOutput out) {
    BaseVariableWidthVector values = (BaseVariableWidthVector) vector;
    for (int cell = start; cell < start + count; cell++) {
      int length = values.getValueLength(cell);
      out.writeLength(length);
      out.writeBytes(values.getDataBuffer(), values.getStartOffset(cell), length);
    }
  }

  @Override
  void readPresent(RowInput in, FieldVector vector, int start, int count) {
    BaseVariableWidthVector values = (BaseVariableWidthVector) vector;
    for (int cell = start; cell < start + count; cell++) {
      int length = in.readLength();
      values.setSafe(cell, in.bytes(), in.skip(length), length);
    }
  }
}
