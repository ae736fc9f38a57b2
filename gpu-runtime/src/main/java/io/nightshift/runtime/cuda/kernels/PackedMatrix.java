package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.model.CodeType;
import org.jspecify.annotations.Nullable;

/**
 * A matrix of quantized weights in device memory, as {@code unpack.cu} reads it. An element is
 *
 * <pre>
 * (value(codes[row][column]) * scales[row][group] + offsets[row][group]) * rowScales[row]
 * </pre>
 *
 * @param codeType what codes stand for
 * @param columns elements of a row
 * @param groupSize columns of a group
 * @param codes bytes {@code [rows][codeBytes]}: two 4-bit codes a byte, the first one in the lower
 *     half, or an 8-bit code
 * @param scales f16 {@code [rows][groups]}
 * @param offsets f16 {@code [rows][groups]}; null if all are zero
 * @param rowScales f32 {@code [rows]}, powers of two that bring scales into the range of f16; null
 *     if all are 1
 * @param columnGroups i32 {@code [columns]}: the group of each column; null if column {@code c}
 *     belongs to group {@code c / groupSize}
 */
public record PackedMatrix(
    CodeType codeType,
    int columns,
    int groupSize,
    DeviceMatrix codes,
    DeviceMatrix scales,
    @Nullable DeviceMatrix offsets,
    @Nullable DeviceVector rowScales,
    @Nullable DeviceVector columnGroups) {
  /** Rows of codes begin at multiples of this many bytes. */
  private static final int ROW_ALIGNMENT = 16;

  /** Bytes of the codes of a row. */
  public static int codeBytes(CodeType type, int columns) {
    int bytes = (int) (((long) columns * type.bits() + Byte.SIZE - 1) / Byte.SIZE);
    return (bytes + ROW_ALIGNMENT - 1) / ROW_ALIGNMENT * ROW_ALIGNMENT;
  }

  public long rows() {
    return codes.rows();
  }

  /** Number of groups in a row. */
  public int groups() {
    return scales.columns();
  }

  /**
   * Rows {@code from} to {@code from + count - 1}.
   *
   * @throws IndexOutOfBoundsException if the matrix does not have them
   */
  public PackedMatrix rows(long from, long count) {
    return new PackedMatrix(
        codeType,
        columns,
        groupSize,
        codes.rows(from, count),
        scales.rows(from, count),
        offsets == null ? null : offsets.rows(from, count),
        rowScales == null ? null : rowScales.slice(from, count),
        columnGroups);
  }

  /** The same matrix, all of whose row scales are 1. */
  public PackedMatrix withoutRowScales() {
    return new PackedMatrix(
        codeType, columns, groupSize, codes, scales, offsets, null, columnGroups);
  }

  /** Bytes of the codes, scales and offsets. */
  public long bytes() {
    return codes.bytes() + scales.bytes() + (offsets == null ? 0 : offsets.bytes());
  }
}
