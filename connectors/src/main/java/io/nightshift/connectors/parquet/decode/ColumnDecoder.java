package io.nightshift.connectors.parquet.decode;

import java.util.List;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * Assembles the entries of one column from its leaves into a vector, by the definition and
 * repetition levels of Dremel ("Dremel: Interactive Analysis of Web-Scale Datasets", Melnik et al.,
 * 2010). A decoder only reads forward, and leaves every leaf at the first entry that it has not
 * read.
 */
abstract sealed class ColumnDecoder implements RowWriter {
  /** The leaves below, at least one. */
  abstract List<LeafColumn> leaves();

  /** A column chunk of its own. */
  static final class Leaf extends ColumnDecoder {
    private final LeafColumn column;
    private final FieldVector vector;
    private final VectorWriter writer;
    private final BatchSize size;
    private final int width;
    private final UnreadableValues unreadable;

    /**
     * @param width bytes that every value takes, null or not: those of an offset if its size varies
     */
    Leaf(
        LeafColumn column,
        FieldVector vector,
        VectorWriter writer,
        BatchSize size,
        int width,
        UnreadableValues unreadable) {
      this.column = column;
      this.vector = vector;
      this.writer = writer;
      this.size = size;
      this.width = width;
      this.unreadable = unreadable;
    }

    @Override
    public void write(int index) {
      size.add(width);
      if (column.isNull()) {
        vector.setNull(index);
      } else {
        writeValue(index);
      }
      column.next();
    }

    /** A value that cannot be read is null, or zero as the key of a map. */
    private void writeValue(int index) {
      try {
        writer.write(column.value(), index);
      } catch (UnreadableValueException failure) {
        unreadable.add(column, failure);
        vector.setNull(index);
        if (!vector.getField().isNullable()) {
          BitVectorHelper.setBit(vector.getValidityBuffer(), index);
        }
      }
    }

    @Override
    List<LeafColumn> leaves() {
      return List.of(column);
    }
  }

  /** A group. If it is null by its definition level, its members are null too. */
  static final class Struct extends ColumnDecoder {
    private final StructVector vector;
    private final int definitionLevel;
    private final ColumnDecoder[] members;
    private final List<LeafColumn> leaves;

    Struct(StructVector vector, int definitionLevel, List<ColumnDecoder> members) {
      this.vector = vector;
      this.definitionLevel = definitionLevel;
      this.members = members.toArray(ColumnDecoder[]::new);
      this.leaves = members.stream().flatMap(member -> member.leaves().stream()).toList();
    }

    @Override
    public void write(int index) {
      if (leaves.get(0).definitionLevel() < definitionLevel) {
        vector.setNull(index);
      } else {
        vector.setIndexDefined(index);
      }
      for (ColumnDecoder member : members) {
        member.write(index);
      }
    }

    @Override
    List<LeafColumn> leaves() {
      return leaves;
    }
  }

  /** A list or a map. A null or empty one has one entry in each leaf below. */
  static final class Repeated extends ColumnDecoder {
    private final ListVector vector;
    private final ColumnShape.Repeated shape;
    private final ColumnDecoder element;
    private final BatchSize size;

    Repeated(ListVector vector, ColumnShape.Repeated shape, ColumnDecoder element, BatchSize size) {
      this.vector = vector;
      this.shape = shape;
      this.element = element;
      this.size = size;
    }

    @Override
    public void write(int index) {
      size.add(Integer.BYTES);
      LeafColumn first = element.leaves().get(0);
      int level = first.definitionLevel();
      if (level < shape.definitionLevel()) {
        vector.setNull(index);
        element.leaves().forEach(LeafColumn::skip);
      } else if (level < shape.elementLevel()) {
        vector.startNewValue(index);
        vector.endValue(index, 0);
        element.leaves().forEach(LeafColumn::skip);
      } else {
        int start = vector.startNewValue(index);
        int end = start;
        do {
          element.write(end++);
        } while (first.repetitionLevel() == shape.repetitionLevel());
        vector.endValue(index, end - start);
        checkEnds(first);
      }
    }

    /** In a valid file, all leaves of a list end it at the same entry. */
    private void checkEnds(LeafColumn first) {
      for (LeafColumn leaf : element.leaves()) {
        if (leaf.repetitionLevel() >= shape.repetitionLevel()) {
          throw new ParquetDecodingException(
              "columns " + first + " and " + leaf + " disagree on the length of a list");
        }
      }
    }

    @Override
    List<LeafColumn> leaves() {
      return element.leaves();
    }
  }
}
