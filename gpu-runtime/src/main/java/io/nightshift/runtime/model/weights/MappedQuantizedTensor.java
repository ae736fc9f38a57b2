package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.Dequantizer;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.blocks.QuantizedBlocks;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** A tensor of ggml's quantized blocks. */
final class MappedQuantizedTensor extends MappedTensor implements QuantizedTensor {

  /**
   * Types whose raw rows are handed out as they are stored. Those of the others are decoded to F32:
   * consumers that take them encoded read codes and scales.
   */
  private static final Set<TensorType> RAW =
      EnumSet.of(
          TensorType.Q4_0,
          TensorType.Q4_1,
          TensorType.Q5_0,
          TensorType.Q5_1,
          TensorType.Q8_0,
          TensorType.Q4_K,
          TensorType.Q5_K,
          TensorType.Q6_K,
          TensorType.MXFP4);

  private final QuantizedBlocks decoder;
  private final Quantization quantization;
  private final boolean raw;
  private final int blocks;
  private final int groups;

  MappedQuantizedTensor(
      StoredTensor stored, TensorShape shape, RowOrder rowOrder, QuantizedBlocks decoder) {
    super(stored, shape, rowOrder);
    this.decoder = decoder;
    quantization = decoder.quantization();
    raw = RAW.contains(stored.type());
    blocks = columns() / stored.type().blockElements();
    groups = quantization.groupCount(columns());
  }

  @Override
  public Quantization quantization() {
    return quantization;
  }

  @Override
  public void readCodes(int row, byte[] target, int offset) {
    Objects.checkIndex(row, rows());
    Objects.checkFromIndexSize(offset, columns(), target.length);
    decoder.codes(stored(row), blocks, target, offset);
  }

  @Override
  public void readGroups(int row, float[] scales, float[] offsets) {
    Objects.checkIndex(row, rows());
    readGroups(row, stored(row), scales, offsets);
  }

  private void readGroups(int row, byte[] stored, float[] scales, float[] offsets) {
    decoder.groups(stored, blocks, scales, offsets);
    FiniteGroups.require(name(), row, groups, scales, offsets);
  }

  private byte[] stored(int row) {
    byte[] stored = new byte[rowBytes()];
    readStored(row, stored);
    return stored;
  }

  /** The same as the default, with each stored row read once. */
  @Override
  public void readRows(int firstRow, int count, float[] target, int offset) {
    Objects.checkFromIndexSize(firstRow, count, rows());
    Objects.checkFromIndexSize(offset, (long) count * columns(), target.length);
    Dequantizer dequantizer = new Dequantizer(quantization, columns());
    byte[] stored = new byte[rowBytes()];
    for (int row = 0; row < count; row++) {
      readStored(firstRow + row, stored);
      decoder.codes(stored, blocks, dequantizer.codes(), 0);
      readGroups(firstRow + row, stored, dequantizer.scales(), dequantizer.offsets());
      dequantizer.write(target, offset + row * columns());
    }
  }

  @Override
  public TensorType type() {
    return raw ? super.type() : QuantizedTensor.super.type();
  }

  @Override
  public ByteBuffer rawRow(int row) {
    return raw ? super.rawRow(row) : QuantizedTensor.super.rawRow(row);
  }
}
