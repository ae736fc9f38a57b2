package io.nightshift.runtime.model;

/**
 * How the elements of a {@link QuantizedTensor} are encoded.
 *
 * @param codes what its codes stand for
 * @param groupSize columns of a group, which share a scale and an offset; the last group of a row
 *     may be shorter
 * @param hasOffsets whether an offset is added; without, all are zero
 * @param groups how columns belong to groups
 */
public record Quantization(CodeType codes, int groupSize, boolean hasOffsets, ColumnGroups groups) {

  /** How the columns of a row belong to groups. */
  public sealed interface ColumnGroups {
    /** Column {@code c} belongs to group {@code c / groupSize}. */
    ColumnGroups CONSECUTIVE = new Consecutive();

    /** See {@link #CONSECUTIVE}. */
    record Consecutive() implements ColumnGroups {}

    /**
     * Each column says its group, as GPTQ's act-order has it. All rows of a tensor have the same.
     *
     * @param ofColumn the group of each column
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Listed(int[] ofColumn) implements ColumnGroups {}
  }

  /** An encoding with consecutive groups. */
  public Quantization(CodeType codes, int groupSize, boolean hasOffsets) {
    this(codes, groupSize, hasOffsets, ColumnGroups.CONSECUTIVE);
  }

  /** Number of groups in a row of so many columns. */
  public int groupCount(int columns) {
    return (columns + groupSize - 1) / groupSize;
  }

  /** The group that a column belongs to. */
  public int group(int column) {
    return groups instanceof ColumnGroups.Listed listed
        ? listed.ofColumn()[column]
        : column / groupSize;
  }
}
