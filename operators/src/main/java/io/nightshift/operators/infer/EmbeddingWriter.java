package io.nightshift.operators.infer;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.jspecify.annotations.Nullable;

/** Writes the column {@link AnswerSchema#EMBEDDING} of a batch. */
final class EmbeddingWriter {
  private final FixedSizeListVector column;

  /**
   * @param column of the type that {@link AnswerSchema} has
   */
  EmbeddingWriter(FieldVector column) {
    this.column = (FixedSizeListVector) column;
  }

  /**
   * Writes a row.
   *
   * @param embedding null for a row without an answer
   * @return number of bytes that were written
   */
  long write(int row, float @Nullable [] embedding) {
    if (embedding == null) {
      column.setNull(row);
      return 0;
    }
    int start = column.startNewValue(row);
    if (column.getDataVector() instanceof Float2Vector halves) {
      for (int i = 0; i < embedding.length; i++) {
        halves.setSafeWithPossibleTruncate(start + i, embedding[i]);
      }
      return (long) embedding.length * Float2Vector.TYPE_WIDTH;
    }
    Float4Vector floats = (Float4Vector) column.getDataVector();
    for (int i = 0; i < embedding.length; i++) {
      floats.setSafe(start + i, embedding[i]);
    }
    return (long) embedding.length * Float4Vector.TYPE_WIDTH;
  }
}
