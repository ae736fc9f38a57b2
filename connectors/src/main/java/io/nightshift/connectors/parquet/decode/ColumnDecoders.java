package io.nightshift.connectors.parquet.decode;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;

/** Connects the leaves of a row group to the vectors of a batch. */
final class ColumnDecoders {
  private final RowGroupColumns rowGroup;
  private final BatchSize size;
  private final UnreadableValues unreadable;

  ColumnDecoders(RowGroupColumns rowGroup, BatchSize size, UnreadableValues unreadable) {
    this.rowGroup = rowGroup;
    this.size = size;
    this.unreadable = unreadable;
  }

  /** Creates a decoder that continues at the current row of the row group. */
  ColumnDecoder decoder(ColumnShape shape, FieldVector vector) {
    if (shape instanceof ColumnShape.Leaf leaf) {
      return new ColumnDecoder.Leaf(
          rowGroup.leaf(leaf.path()),
          vector,
          VectorWriters.of(leaf.type(), vector, size),
          size,
          width(vector),
          unreadable);
    }
    if (shape instanceof ColumnShape.Struct struct) {
      List<ColumnDecoder> members = new ArrayList<>();
      for (int i = 0; i < struct.members().size(); i++) {
        FieldVector member = (FieldVector) ((StructVector) vector).getChildByOrdinal(i);
        members.add(decoder(struct.members().get(i), member));
      }
      return new ColumnDecoder.Struct((StructVector) vector, struct.definitionLevel(), members);
    }
    ColumnShape.Repeated repeated = (ColumnShape.Repeated) shape;
    ListVector list = (ListVector) vector;
    ColumnDecoder element = decoder(repeated.element(), list.getDataVector());
    return new ColumnDecoder.Repeated(list, repeated, element, size);
  }

  private static int width(FieldVector vector) {
    return vector instanceof BaseFixedWidthVector fixed
        ? Math.max(1, fixed.getTypeWidth())
        : Integer.BYTES;
  }
}
