package io.nightshift.connectors.arrow.row;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.LargeListVector;

/** Lists with 64-bit offsets: the length, then the elements as a run. */
final class LargeListCells extends CellCodec {
  private final CellCodec elements;

  LargeListCells(CellCodec elements) {
    this.elements = elements;
  }

  @Override
  void writePresent(FieldVector vector, int start, int count, RowOutput out) {
    LargeListVector lists = (LargeListVector) vector;
    for (int cell = start; cell < start + count; cell++) {
      int first = Math.toIntExact(lists.getElementStartIndex(cell));
      int length = Math.toIntExact(lists.getElementEndIndex(cell)) - first;
      out.writeLength(length);
      elements.write(lists.getDataVector(), first, length, out);
    }
  }

  @Override
  void readPresent(RowInput in, FieldVector vector, int start, int count) {
    LargeListVector lists = (LargeListVector) vector;
    for (int cell = start; cell < start + count; cell++) {
      int length = in.readLength();
      int first = Math.toIntExact(lists.startNewValue(cell));
      elements.read(in, lists.getDataVector(), first, length);
      lists.endValue(cell, length);
    }
  }
}
