package io.nightshift.runtime.cuda.gemm;

/** Device addresses of a product's operands, 16-byte aligned. */
public record GemmOperands(long weights, long source, long target) {}
