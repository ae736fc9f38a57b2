package io.nightshift.runtime.model.huggingface.quantization;

/**
 * Decoded rows of a matrix.
 *
 * @param codes {@code [rows, columns]}
 * @param scales {@code [rows, groups]}
 * @param offsets {@code [rows, groups]}
 */
@SuppressWarnings("ArrayRecordComponent")
record RowBlock(byte[] codes, float[] scales, float[] offsets) {}
