package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.FloatEncoder;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.blocks.Scales;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * A matrix in MXFP4 whose elements and scales are in two stored tensors: elements in pairs, the
 * first of each in the low half of a byte, as gpt-oss has them.
 */
final class Mxfp4Tensor implements QuantizedTensor {
  /** Elements of a group. */
  static final int GROUP = 32;

  /** Bytes of the elements of a group. */
  static final int GROUP_BYTES = GROUP / 2;

  private static final Quantization QUANTIZATION = new Quantization(CodeType.E2M1, GROUP, false);

  private final StoredTensor elements;
  private final StoredTensor scales;
  private final TensorShape shape;
  private final RowOrder order;
  private final int groups;

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
    this.groups = shape.columns() / GROUP;
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
  public Quantization quantization() {
    return QUANTIZATION;
  }

  @Override
  public void readCodes(int row, byte[] target, int offset) {
    Objects.checkIndex(row, rows());
    Objects.checkFromIndexSize(offset, columns(), target.length);
    byte[] pairs = new byte[groups * GROUP_BYTES];
    read(elements, row, pairs);
    for (int i = 0; i < pairs.length; i++) {
      target[offset + 2 * i] = (byte) (pairs[i] & 0x0F);
      target[offset + 2 * i + 1] = (byte) (pairs[i] >> 4 & 0x0F);
    }
  }

  @Override
  public void readGroups(int row, float[] scales, float[] offsets) {
    Objects.checkIndex(row, rows());
    byte[] exponents = new byte[groups];
    read(this.scales, row, exponents);
    for (int group = 0; group < groups; group++) {
      scales[group] = Scales.e8m0(exponents[group]);
    }
    Arrays.fill(offsets, 0, groups, 0);
  }

  private void read(StoredTensor part, int row, byte[] target) {
    long stored = order.storedRow(row);
    part.file().read(part.offset() + stored * target.length, target, target.length);
  }

  @Override
  public ByteBuffer rawRow(int row) {
    float[] decoded = new float[columns()];
    readRows(row, 1, decoded, 0);
    return FloatEncoder.exactBf16(decoded);
  }
}
