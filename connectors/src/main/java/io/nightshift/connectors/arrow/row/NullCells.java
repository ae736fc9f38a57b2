package io.nightshift.connectors.arrow.row;

import org.apache.arrow.vector.FieldVector;

/** Cells of the null type: nothing is stored. */
final class NullCells extends CellCodec {
  @Override
  void write(FieldVector vector, int start, int count, RowOutput out) {}

  @Override
  void read(RowInput in, FieldVector vector, int start, int count) {}

  @Override
  void writePresent(FieldVector vector, int start, int count, RowOutput out) {
    throw new IllegalStateException("A cell of the null type is never present");
  }

  @Override
  void readPresent(RowInput in, FieldVector vector, int start, int count) {
    throw new IllegalStateException("A cell of the null type is never present");
  }
}
