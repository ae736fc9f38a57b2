package io.nightshift.connectors.parquet.sink;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.parquet.io.api.RecordConsumer;

/** Writes structs as groups, and lists and maps in the three-level form that Parquet prescribes. */
final class NestedWriters {
  private NestedWriters() {}

  static RecordValueWriter struct(String path, Field field) {
    FieldWriter[] children = FieldWriter.of(path, field.getChildren());
    return (vector, row, out) -> {
      StructVector structs = (StructVector) vector;
      out.startGroup();
      for (int child = 0; child < children.length; child++) {
        children[child].write((FieldVector) structs.getChildByOrdinal(child), row, out);
      }
      out.endGroup();
    };
  }

  static RecordValueWriter list(String path, Field field) {
    FieldWriter element = element(path, field);
    return (vector, row, out) -> {
      ListVector lists = (ListVector) vector;
      int start = lists.getElementStartIndex(row);
      writeElements(element, lists.getDataVector(), start, lists.getElementEndIndex(row), out);
    };
  }

  static RecordValueWriter largeList(String path, Field field) {
    FieldWriter element = element(path, field);
    return (vector, row, out) -> {
      LargeListVector lists = (LargeListVector) vector;
      int start = Math.toIntExact(lists.getElementStartIndex(row));
      int end = Math.toIntExact(lists.getElementEndIndex(row));
      writeElements(element, lists.getDataVector(), start, end, out);
    };
  }

  static RecordValueWriter fixedSizeList(String path, Field field) {
    FieldWriter element = element(path, field);
    return (vector, row, out) -> {
      FixedSizeListVector lists = (FixedSizeListVector) vector;
      int start = lists.getElementStartIndex(row);
      writeElements(element, lists.getDataVector(), start, lists.getElementEndIndex(row), out);
    };
  }

  private static FieldWriter element(String path, Field field) {
    return FieldWriter.of(path, ParquetTypes.ELEMENT, 0, field.getChildren().get(0));
  }

  private static void writeElements(
      FieldWriter element, FieldVector elements, int start, int end, RecordConsumer out) {
    out.startGroup();
    if (end > start) {
      out.startField(ParquetTypes.LIST, 0);
      for (int index = start; index < end; index++) {
        out.startGroup();
        element.write(elements, index, out);
        out.endGroup();
      }
      out.endField(ParquetTypes.LIST, 0);
    }
    out.endGroup();
  }

  static RecordValueWriter map(String path, Field field) {
    Field entry = field.getChildren().get(0);
    FieldWriter key = FieldWriter.of(path, ParquetTypes.KEY, 0, ParquetTypes.keyOf(field));
    FieldWriter value = FieldWriter.of(path, ParquetTypes.VALUE, 1, entry.getChildren().get(1));
    return (vector, row, out) -> {
      MapVector maps = (MapVector) vector;
      StructVector entries = (StructVector) maps.getDataVector();
      int start = maps.getElementStartIndex(row);
      int end = maps.getElementEndIndex(row);
      out.startGroup();
      if (end > start) {
        out.startField(ParquetTypes.KEY_VALUE, 0);
        for (int index = start; index < end; index++) {
          out.startGroup();
          key.write((FieldVector) entries.getChildByOrdinal(0), index, out);
          value.write((FieldVector) entries.getChildByOrdinal(1), index, out);
          out.endGroup();
        }
        out.endField(ParquetTypes.KEY_VALUE, 0);
      }
      out.endGroup();
    };
  }
}
