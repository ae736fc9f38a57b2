package io.nightshift.runtime.cuda.gemm;

/**
 * Device addresses of a product's operands, 16-byte aligned.
 *
 * @param weightScales a scale for each output; 0 unless the type has scales
 * @param sourceScales a scale for each row; 0 unless the type has scales
 */
public record MatMulOperands(
    long weights, long weightScales, long source, long sourceScales, long target) {}
