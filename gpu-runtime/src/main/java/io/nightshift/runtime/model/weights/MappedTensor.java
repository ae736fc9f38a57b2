package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A tensor in a {@link MappedFile}, whose rows are contiguous. */
public final class MappedTensor implements Tensor {
  private final MappedFile file;
  private final long offset;
  private final String name;
  private final TensorType type;
  private final int rows;
  private final int columns;
  private final int rowBytes;
  private final RowOrder rowOrder;
  private final BlockDecoder decoder;

  /**
   * @param stored location and element type in the file
   * @param shape Hugging Face's name, and the shape
   * @param rowOrder order of the rows in the file
   * @throws ModelFormatException if the tensor is not inside the file, or a row is not a whole
   *     number of the type's blocks or is too long
   */
  public MappedTensor(StoredTensor stored, TensorShape shape, RowOrder rowOrder) {
    this.file = stored.file();
    this.offset = stored.offset();
    this.name = shape.name();
    this.type = stored.type();
    this.rows = shape.rows();
    this.columns = shape.columns();
    this.rowOrder = rowOrder;
    if (columns % type.blockElements() != 0) {
      throw invalid(
          file,
          name,
          "rows of %s elements are no multiple of the %s elements in a block of %s"
              .formatted(columns, type.blockElements(), type));
    }
    long bytesOfRow = type.bytes(columns);
    if (bytesOfRow > MappedFile.MAX_RANGE) {
      throw invalid(file, name, "rows of " + columns + " elements are too long");
    }
    long bytes = bytesOfRow * rows;
    if (offset < 0 || bytes > file.size() - offset) {
      throw invalid(
          file,
          name,
          "needs %s bytes from byte %s on, but the file ends at byte %s; is it truncated?"
              .formatted(bytes, offset, file.size()));
    }
    this.rowBytes = (int) bytesOfRow;
    this.decoder = BlockDecoder.of(type);
  }

  private static ModelFormatException invalid(MappedFile file, String name, String problem) {
    return new ModelFormatException(file.path(), "tensor \"" + name + '"', problem);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public TensorType type() {
    return type;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public void readRows(int firstRow, int count, float[] target, int targetOffset) {
    Objects.checkFromIndexSize(firstRow, count, rows);
    Objects.checkFromIndexSize(targetOffset, (long) count * columns, target.length);
    byte[] stored = new byte[rowBytes];
    int blocks = columns / type.blockElements();
    for (int row = 0; row < count; row++) {
      file.read(offsetOf(firstRow + row), stored, rowBytes);
      decoder.decode(stored, blocks, target, targetOffset + row * columns);
    }
  }

  @Override
  public ByteBuffer rawRow(int row) {
    Objects.checkIndex(row, rows);
    return file.slice(offsetOf(row), rowBytes);
  }

  private long offsetOf(int row) {
    return offset + (long) rowOrder.storedRow(row) * rowBytes;
  }
}
