package io.nightshift.connectors.arrow.row;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;

/**
 * Structs: a run of each child in turn. If only some structs of a run are null, the children of the
 * null ones are stored too, so that the children stay in one run.
 */
final class StructCells extends CellCodec {
  private final CellCodec[] children;

  StructCells(CellCodec[] children) {
    this.children = children;
  }

  @Override
  void writePresent(FieldVector vector, int start, int count, RowOutput out) {
    StructVector structs = (StructVector) vector;
    for (int child = 0; child < children.length; child++) {
      children[child].write((FieldVector) structs.getChildByOrdinal(child), start, count, out);
    }
  }

  @Override
  void readPresent(RowInput in, FieldVector vector, int start, int count) {
    StructVector structs = (StructVector) vector;
    readChildren(in, structs, start, count);
    for (int cell = start; cell < start + count; cell++) {
      structs.setIndexDefined(cell);
    }
  }

  @Override
  void writeSome(FieldVector vector, int start, int count, RowOutput out) {
    writePresent(vector, start, count, out);
  }

  @Override
  void readSome(RowInput in, int validity, FieldVector vector, int start, int count) {
    StructVector structs = (StructVector) vector;
    readChildren(in, structs, start, count);
    for (int cell = 0; cell < count; cell++) {
      if (in.bitAt(validity, cell)) {
        structs.setIndexDefined(start + cell);
      } else {
        structs.setNull(start + cell);
      }
    }
  }

  private void readChildren(RowInput in, StructVector structs, int start, int count) {
    for (int child = 0; child < children.length; child++) {
      children[child].read(in, (FieldVector) structs.getChildByOrdinal(child), start, count);
    }
  }
}
