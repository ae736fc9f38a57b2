package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.MatMul.Epilogue;

/**
 * Operands of a {@link LinearSlice} besides its weights.
 *
 * @param target address of the slice's columns in the first output row
 * @param targetStride elements from one output row to the next
 * @param epilogue what is done to the output
 * @param bias address of the slice's bias, if the epilogue adds one
 * @param factor address of the slice's columns of the factor, if the epilogue has one
 */
record SliceOperands(
    LinearInput input, long target, int targetStride, Epilogue epilogue, long bias, long factor) {}
