package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.blocks.QuantizedBlocks;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A tensor in a {@link MappedFile}, whose rows are contiguous. */
public abstract class MappedTensor implements Tensor {
  private final MappedFile file;
  private final long offset;
  private final String name;
  private final TensorType type;
  private final int rows;
  private final int columns;
  private final int rowBytes;
  private final RowOrder rowOrder;

  MappedTensor(StoredTensor stored, TensorShape shape, RowOrder rowOrder) {
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
  }

  /**
   * Opens a tensor; one of a quantized type is a {@link
   * io.nightshift.runtime.model.QuantizedTensor}.
   *
   * @param stored location and element type in the file: floating-point numbers or ggml's blocks
   * @param shape Hugging Face's name, and the shape
   * @param rowOrder order of the rows in the file
   * @throws ModelFormatException if the tensor is not inside the file, or a row is not a whole
   *     number of the type's blocks or is too long
   */
  public static MappedTensor of(StoredTensor stored, TensorShape shape, RowOrder rowOrder) {
    return QuantizedBlocks.of(stored.type())
        .<MappedTensor>map(blocks -> new MappedQuantizedTensor(stored, shape, rowOrder, blocks))
        .orElseGet(
            () -> new MappedFloatTensor(stored, shape, rowOrder, FloatDecoder.of(stored.type())));
  }

  private static ModelFormatException invalid(MappedFile file, String name, String problem) {
    return new ModelFormatException(file.path(), "tensor \"" + name + '"', problem);
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public TensorType type() {
    return type;
  }

  @Override
  public final int rows() {
    return rows;
  }

  @Override
  public final int columns() {
    return columns;
  }

  /** Bytes of a stored row. */
  final int rowBytes() {
    return rowBytes;
  }

  /** Copies a stored row to the start of {@code target}. */
  final void readStored(int row, byte[] target) {
    file.read(offsetOf(row), target, rowBytes);
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
