package io.nightshift.runtime.model.random;

import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.TensorShape;
import java.util.Objects;

/** A quantized matrix whose rows are functions of its name and their number. */
final class RandomQuantizedTensor implements QuantizedTensor {
  private final TensorShape shape;
  private final Quantization encoding;
  private final QuantizedNumbers numbers;

  RandomQuantizedTensor(TensorShape shape, Quantization encoding, float standardDeviation) {
    this.shape = shape;
    this.encoding = encoding;
    numbers = QuantizedNumbers.of(encoding, standardDeviation);
  }

  @Override
  public String name() {
    return shape.name();
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
    return encoding;
  }

  @Override
  public void readCodes(int row, byte[] target, int offset) {
    QuantizedNumbers.codes(stream(row), encoding.codes(), target, offset, columns());
  }

  @Override
  public void readGroups(int row, float[] scales, float[] offsets) {
    numbers.groups(stream(row), scales, offsets);
  }

  private long stream(int row) {
    Objects.checkIndex(row, rows());
    return (long) name().hashCode() << 32 | row;
  }
}
