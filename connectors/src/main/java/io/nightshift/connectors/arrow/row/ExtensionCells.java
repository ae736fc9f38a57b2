package io.nightshift.connectors.arrow.row;

import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;

/** Extension types such as UUID: the cells of the vector beneath. */
final class ExtensionCells extends CellCodec {
  private final CellCodec storage;

  ExtensionCells(CellCodec storage) {
    this.storage = storage;
  }

  @Override
  void write(FieldVector vector, int start, int count, RowOutput out) {
    storage.write(beneath(vector), start, count, out);
  }

  @Override
  void read(RowInput in, FieldVector vector, int start, int count) {
    storage.read(in, beneath(vector), start, count);
  }

  @Override
  void writePresent(FieldVector vector, int start, int count, RowOutput out) {
    storage.writePresent(beneath(vector), start, count, out);
  }

  @Override
  void readPresent(RowInput in, FieldVector vector, int start, int count) {
    storage.readPresent(in, beneath(vector), start, count);
  }

  private static FieldVector beneath(FieldVector vector) {
    return ((ExtensionTypeVector<?>) vector).getUnderlyingVector();
  }
}
