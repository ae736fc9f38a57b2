package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.MatMul.PostOperation;

/**
 * Operands of a {@link PackedLinear} besides its weights. All matrices are dense.
 *
 * @param rows number of input and output rows, a multiple of four ({@link TilePlan#roundRows})
 * @param source address of the input rows, in the element type of the weights
 * @param target address of the output rows, f32
 * @param post what is done to the output before it is stored
 * @param factor address of a matrix of the target's shape, for {@link PostOperation#MULTIPLY}; else
 *     unused
 */
record LinearOperands(int rows, long source, long target, PostOperation post, long factor) {

  /** The output replaces the target. */
  static LinearOperands of(int rows, long source, long target) {
    return new LinearOperands(rows, source, target, PostOperation.NONE, 0);
  }

  /** The output is added to the target. */
  static LinearOperands adding(int rows, long source, long target) {
    return new LinearOperands(rows, source, target, PostOperation.ADD_TO_TARGET, 0);
  }

  /** The output, multiplied by {@code factor} element by element, replaces the target. */
  static LinearOperands multiplying(int rows, long source, long target, long factor) {
    return new LinearOperands(rows, source, target, PostOperation.MULTIPLY, factor);
  }
}
