package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A matrix whose rows are columns of a matrix in a {@link MappedFile}. Several rows are read at
 * once much faster than one by one, since the elements of a row are far apart in the file.
 */
final class TransposedTensor implements Tensor {
  private final MappedFile file;
  private final TensorShape shape;
  private final TensorType type;
  private final long offset;
  private final int storedColumns;
  private final RowOrder order;
  private final FloatDecoder decoder;

  /**
   * @param stored a stack {@code [matrices, rows, columns]}
   * @param matrix index of the matrix in the stack
   * @param shape Hugging Face's name, and the shape: {@code columns} are the stored matrix's rows
   * @param order which column of the stored matrix each row is
   * @throws ModelFormatException if elements are not stored one by one
   */
  TransposedTensor(StoredTensor stored, int matrix, TensorShape shape, RowOrder order) {
    this.file = stored.file();
    this.shape = shape;
    this.type = stored.type();
    this.order = order;
    this.storedColumns = Math.toIntExact(stored.shape().get(2));
    if (type.blockElements() != 1) {
      throw new ModelFormatException(
          file.path(),
          "tensor \"" + stored.name() + '"',
          "is of type %s, whose blocks cannot be transposed".formatted(type));
    }
    this.decoder = FloatDecoder.of(type);
    long elements = (long) shape.columns() * storedColumns;
    this.offset = stored.offset() + matrix * type.bytes(elements);
  }

  @Override
  public String name() {
    return shape.name();
  }

  @Override
  public TensorType type() {
    return type;
  }

  @Override
  public int rows() {
    return shape.rows();
  }

  @Override
  public int columns() {
    return shape.columns();
  }

  @Override
  public void readRows(int firstRow, int count, float[] target, int targetOffset) {
    Objects.checkFromIndexSize(firstRow, count, rows());
    Objects.checkFromIndexSize(targetOffset, (long) count * columns(), target.length);
    if (count == 0) {
      return;
    }
    int firstStored = order.storedRow(firstRow);
    int width = order.storedRow(firstRow + count - 1) - firstStored + 1;
    byte[] bytes = new byte[(int) type.bytes(width)];
    float[] decoded = new float[width];
    for (int column = 0; column < columns(); column++) {
      file.read(offsetOf(column, firstStored), bytes, bytes.length);
      decoder.decode(bytes, width, decoded, 0);
      for (int row = 0; row < count; row++) {
        target[targetOffset + row * columns() + column] =
            decoded[order.storedRow(firstRow + row) - firstStored];
      }
    }
  }

  /** A copy of the stored bytes of the row's elements. */
  @Override
  public ByteBuffer rawRow(int row) {
    Objects.checkIndex(row, rows());
    int storedColumn = order.storedRow(row);
    int elementBytes = type.blockBytes();
    ByteBuffer bytes = ByteBuffer.allocate(columns() * elementBytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int column = 0; column < columns(); column++) {
      long position = offsetOf(column, storedColumn);
      if (elementBytes == Short.BYTES) {
        bytes.putShort((short) file.getShort(position));
      } else {
        bytes.putInt(file.getInt(position));
      }
    }
    return bytes.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private long offsetOf(int storedRow, int storedColumn) {
    return offset + type.bytes((long) storedRow * storedColumns + storedColumn);
  }
}
