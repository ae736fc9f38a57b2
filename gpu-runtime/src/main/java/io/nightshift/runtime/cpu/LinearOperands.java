package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.MatMul.PostOperation;
import io.nightshift.runtime.cpu.onednn.MatMul.Scaling;

/**
 * Operands of a {@link PackedLinear} besides its weights. All matrices are dense.
 *
 * @param input rows, in the element type of the weights; there are as many output rows
 * @param target address of the output rows, f32
 * @param scaling what is done to the output first
 * @param post what is done to the output before it is stored
 * @param factor address of a matrix of the target's shape, for {@link PostOperation#hasFactor};
 *     else unused
 */
record LinearOperands(
    LinearInput input, long target, Scaling scaling, PostOperation post, long factor) {

  /** The output replaces the target. */
  static LinearOperands of(LinearInput input, long target) {
    return scaled(input, target, Scaling.NONE);
  }

  /** The scaled output replaces the target. */
  static LinearOperands scaled(LinearInput input, long target, Scaling scaling) {
    return new LinearOperands(input, target, scaling, PostOperation.NONE, 0);
  }

  /** The scaled output is added to the target. */
  static LinearOperands adding(LinearInput input, long target, Scaling scaling) {
    return new LinearOperands(input, target, scaling, PostOperation.ADD_TO_TARGET, 0);
  }

  /** The output after an operation, perhaps with {@code factor}, replaces the target. */
  static LinearOperands combined(LinearInput input, long target, PostOperation post, long factor) {
    return new LinearOperands(input, target, Scaling.NONE, post, factor);
  }
}
