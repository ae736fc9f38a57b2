package io.nightshift.connectors.arrow.row;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.ListVector;

/** Lists, and maps as lists of entries: the length, then the elements as a run. */
final class ListCells extends CellCodec {
  private final CellCodec elements;

  ListCells(CellCodec elements) {
    this.elements = elements;
  }

  @Override
  void writePresent(FieldVector vector, int start, int count, RowOutput out) {
    ListVector lists = (ListVector) vector;
    for (int cell = start; cell < start + count; cell++) {
      int first = lists.getElementStartIndex(cell);
      int length = lists.getElementEndIndex(cell) - first;
      out.writeLength(length);
      elements.write(lists.getDataVector(), first, length, out);
    }
  }

  @Override
  void readPresent(RowInput in, FieldVector vector, int start, int count) {
    ListVector lists = (ListVector) vector;
    for (int cell = start; cell < start + count; cell++) {
      int length = in.readLength();
      int first = lists.startNewValue(cell);
      elements.read(in, lists.getDataVector(), first, length);
      lists.endValue(cell, length);
    }
  }
}
