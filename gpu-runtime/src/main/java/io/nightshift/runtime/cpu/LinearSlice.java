package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.KernelCache;

/** Weights of some output columns of a {@link PackedLinear}. */
interface LinearSlice {

  /** Number of columns. */
  int columns();

  /** Computes the columns of all rows of {@code operands}. */
  void multiply(KernelCache kernels, SliceOperands operands);
}
