package io.nightshift.connectors.parquet.decode;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.parquet.schema.PrimitiveType;

/**
 * How a column of a Parquet file nests, with the levels of the Dremel encoding at which its parts
 * begin to exist. Made by {@link ColumnShapes}.
 */
sealed interface ColumnShape {
  /** The Arrow field that the column is read into. */
  Field field();

  /** The lowest definition level of an entry that is not null. */
  int definitionLevel();

  /**
   * A column chunk of its own.
   *
   * @param path of the column in the file's schema
   */
  record Leaf(Field field, int definitionLevel, PrimitiveType type, List<String> path)
      implements ColumnShape {}

  /** A group. */
  record Struct(Field field, int definitionLevel, List<ColumnShape> members)
      implements ColumnShape {}

  /**
   * A list, or a map as a list of entries.
   *
   * @param elementLevel the lowest definition level of a list that has an element
   * @param repetitionLevel the repetition level of every element but the first
   */
  record Repeated(
      Field field, int definitionLevel, int elementLevel, int repetitionLevel, ColumnShape element)
      implements ColumnShape {}
}
