package io.nightshift.connectors.arrow.row;

import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/** Booleans, one byte each. */
final class BooleanCells extends CellCodec {
  @Override
  void writePresent(FieldVector vector, int start, int count, RowOutput out) {
    BitVector booleans = (BitVector) vector;
    for (int cell = start; cell < start + count; cell++) {
      out.writeByte((byte) booleans.get(cell));
    }
  }

  @Override
  void readPresent(RowInput in, FieldVector vector, int start, int count) {
    BitVector booleans = (BitVector) vector;
    for (int cell = start; cell < start + count; cell++) {
      booleans.setSafe(cell, in.readByte());
    }
  }
}
