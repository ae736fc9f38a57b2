package io.nightshift.runtime.model;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A weight matrix that is stored in few bits an element: a code for each, and a scale and an offset
 * for each group of columns in a row,
 *
 * <pre>element(row, column) = scale(row, group) * value(code(row, column)) + offset(row, group)
 * </pre>
 *
 * with {@link CodeType#value} and {@link Quantization#group}. All formats of quantized checkpoints
 * are read as this, so that model runners which keep weights packed know no format. {@link
 * #readRows} computes the same formula in f32.
 */
public interface QuantizedTensor extends Tensor {

  Quantization quantization();

  /**
   * Reads the codes of a row, one in each byte, in the lower bits.
   *
   * @param target at least {@link #columns()} bytes from {@code offset} on
   */
  void readCodes(int row, byte[] target, int offset);

  /**
   * Reads the scales and offsets of a row's groups.
   *
   * @param scales at least {@link Quantization#groupCount} elements
   * @param offsets as many; zeros are written if the encoding has no offsets
   */
  void readGroups(int row, float[] scales, float[] offsets);

  @Override
  default void readRows(int firstRow, int count, float[] target, int offset) {
    Objects.checkFromIndexSize(firstRow, count, rows());
    Objects.checkFromIndexSize(offset, (long) count * columns(), target.length);
    Dequantizer dequantizer = new Dequantizer(quantization(), columns());
    for (int row = 0; row < count; row++) {
      readCodes(firstRow + row, dequantizer.codes(), 0);
      readGroups(firstRow + row, dequantizer.scales(), dequantizer.offsets());
      dequantizer.write(target, offset + row * columns());
    }
  }

  /** Of {@link #rawRow}: F32, unless a format has a type for codes and scales together. */
  @Override
  default TensorType type() {
    return TensorType.F32;
  }

  @Override
  default ByteBuffer rawRow(int row) {
    float[] elements = new float[columns()];
    readRows(row, 1, elements, 0);
    return FloatEncoder.f32(elements);
  }
}
