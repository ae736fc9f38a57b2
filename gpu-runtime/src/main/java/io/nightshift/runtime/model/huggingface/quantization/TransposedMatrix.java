package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.QuantizedRows;
import io.nightshift.runtime.model.weights.StoredNumbers;
import io.nightshift.runtime.model.weights.StoredTensor;

/**
 * A quantized matrix that is stored as {@code [inputs, outputs]}, with scales {@code [groups,
 * outputs]}: its rows are read in blocks.
 */
abstract class TransposedMatrix implements QuantizedRows {
  /** Rows of a block: a multiple of those in a 32-bit integer. */
  private static final int BLOCK_ROWS = 64;

  private final Quantization quantization;
  private final int rows;
  private final int columns;
  private final int groups;
  private final StoredTensor scales;
  private final RowBlockCache cache;

  /**
   * @param scales {@code [groups, rows]}, floating-point numbers
   */
  TransposedMatrix(
      Quantization quantization, int rows, int columns, StoredTensor scales, RowBlockCache cache) {
    this.quantization = quantization;
    this.rows = rows;
    this.columns = columns;
    this.groups = quantization.groupCount(columns);
    this.scales = scales;
    this.cache = cache;
  }

  /** Reads the codes of {@code count} rows to {@code [count, columns]}. */
  abstract void readCodes(int firstRow, int count, byte[] target);

  /** Reads the zero points of a group, of {@code count} rows. */
  abstract void readZeroPoints(int group, int firstRow, int count, int[] target);

  final int columns() {
    return columns;
  }

  /** Reads consecutive 32-bit integers. */
  static void readWords(StoredTensor stored, long first, int count, int[] target) {
    long position = stored.offset() + TensorType.I32.bytes(first);
    stored.file().slice(position, count * Integer.BYTES).asIntBuffer().get(target, 0, count);
  }

  @Override
  public final Quantization quantization() {
    return quantization;
  }

  @Override
  public final void readCodes(int row, byte[] target, int offset) {
    int start = row % BLOCK_ROWS * columns;
    System.arraycopy(block(row).codes(), start, target, offset, columns);
  }

  @Override
  public final void readGroups(int row, float[] target, float[] offsets) {
    RowBlock block = block(row);
    int start = row % BLOCK_ROWS * groups;
    System.arraycopy(block.scales(), start, target, 0, groups);
    System.arraycopy(block.offsets(), start, offsets, 0, groups);
  }

  private RowBlock block(int row) {
    int block = row / BLOCK_ROWS;
    return cache.get(this, block, () -> decode(block * BLOCK_ROWS));
  }

  private RowBlock decode(int firstRow) {
    int count = Math.min(BLOCK_ROWS, rows - firstRow);
    byte[] codes = new byte[count * columns];
    readCodes(firstRow, count, codes);
    float[] blockScales = new float[count * groups];
    float[] blockOffsets = new float[count * groups];
    float[] groupScales = new float[count];
    int[] zeroPoints = new int[count];
    for (int group = 0; group < groups; group++) {
      StoredNumbers.read(scales, (long) group * rows + firstRow, count, groupScales);
      readZeroPoints(group, firstRow, count, zeroPoints);
      for (int row = 0; row < count; row++) {
        blockScales[row * groups + group] = groupScales[row];
        blockOffsets[row * groups + group] = -groupScales[row] * zeroPoints[row];
      }
    }
    return new RowBlock(codes, blockScales, blockOffsets);
  }
}
