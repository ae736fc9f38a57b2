package io.nightshift.connectors.arrow.row;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;

/** Lists of one size: the elements of each list as a run. */
final class FixedSizeListCells extends CellCodec {
  private final CellCodec elements;

  FixedSizeListCells(CellCodec elements) {
    this.elements = elements;
  }

  @Override
  void writePresent(FieldVector vector, int start, int count, RowOutput out) {
    FixedSizeListVector lists = (FixedSizeListVector) vector;
    int size = lists.getListSize();
    for (int cell = start; cell < start + count; cell++) {
      elements.write(lists.getDataVector(), cell * size, size, out);
    }
  }

  @Override
  void readPresent(RowInput in, FieldVector vector, int start, int count) {
    FixedSizeListVector lists = (FixedSizeListVector) vector;
    int size = lists.getListSize();
    for (int cell = start; cell < start + count; cell++) {
      lists.startNewValue(cell);
      elements.read(in, lists.getDataVector(), cell * size, size);
    }
  }
}
