package io.nightshift.connectors.arrow.row;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/**
 * Strings and binary with 32-bit offsets: length and bytes. Integers are written as their digits.
 */
final class VariableWidthCells extends CellCodec {
  @Override
  void writePresent(FieldVector vector, int start, int count, RowOutput out) {
    if (vector instanceof BaseIntVector integers) {
      writeDigits(integers, start, count, out);
      return;
    }
    BaseVariableWidthVector values = (BaseVariableWidthVector) vector;
    for (int cell = start; cell < start + count; cell++) {
      int length = values.getValueLength(cell);
      out.writeLength(length);
      out.writeBytes(values.getDataBuffer(), values.getStartOffset(cell), length);
    }
  }

  /** The values of folders are integers as long as all of them are. */
  private static void writeDigits(BaseIntVector integers, int start, int count, RowOutput out) {
    for (int cell = start; cell < start + count; cell++) {
      byte[] digits = Long.toString(integers.getValueAsLong(cell)).getBytes(UTF_8);
      out.writeLength(digits.length);
      out.writeBytes(digits);
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
