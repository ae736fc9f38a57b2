package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A matrix in MXFP4 whose elements and scales are in two stored tensors. */
final class Mxfp4Tensor implements Tensor {
  private final StoredTensor elements;
  private final StoredTensor scales;
  private final TensorShape shape;
  private final RowOrder order;
  private final int scalesOfRow;

  /**
   * @param elements bytes of two elements each; rows are contiguous
   * @param scales a byte for each 32 elements; rows are contiguous
   * @param shape Hugging Face's name, and the shape
   * @param order which row of the file each row is
   */
  Mxfp4Tensor(StoredTensor elements, StoredTensor scales, TensorShape shape, RowOrder order) {
    this.elements = elements;
    this.scales = scales;
    this.shape = shape;
    this.order = order;
    this.scalesOfRow = shape.columns() / Mxfp4Decoder.ELEMENTS;
  }

  @Override
  public String name() {
    return shape.name();
  }

  /** BF16, which represents every element exactly. */
  @Override
  public TensorType type() {
    return TensorType.BF16;
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
  public void readRows(int firstRow, int count, float[] target, int offset) {
    Objects.checkFromIndexSize(firstRow, count, rows());
    Objects.checkFromIndexSize(offset, (long) count * columns(), target.length);
    byte[] pairs = new byte[scalesOfRow * Mxfp4Decoder.BYTES];
    byte[] exponents = new byte[scalesOfRow];
    for (int row = 0; row < count; row++) {
      long stored = order.storedRow(firstRow + row);
      elements.file().read(elements.offset() + stored * pairs.length, pairs, pairs.length);
      scales.file().read(scales.offset() + stored * scalesOfRow, exponents, scalesOfRow);
      Mxfp4Decoder.decodePairs(pairs, exponents, target, offset + row * columns());
    }
  }

  @Override
  public ByteBuffer rawRow(int row) {
    float[] decoded = new float[columns()];
    readRows(row, 1, decoded, 0);
    return FloatEncoder.exactBf16(decoded);
  }
}
