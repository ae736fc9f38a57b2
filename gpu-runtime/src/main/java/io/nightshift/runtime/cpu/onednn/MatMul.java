package io.nightshift.runtime.cpu.onednn;

/**
 * The matrix product {@code target[rows, outputs] = source[rows, inputs] * weights}, and what is
 * done to it before it is stored. Strides are in elements, from one row to the next.
 *
 * @param weights how the weights lie in memory
 * @param weightStride stride of plain weights; 0 for packed ones
 * @param type of source and weights; the target is f32
 * @param bias whether a vector of {@code outputs} floats is added
 */
public record MatMul(
    int rows,
    int inputs,
    int outputs,
    int sourceStride,
    Weights weights,
    int weightStride,
    int targetStride,
    ElementType type,
    boolean bias,
    PostOperation post) {

  /** Memory layout of the second factor. */
  public enum Weights {
    /** A {@link PackedFormat}. */
    PACKED,
    /** {@code inputs} rows of {@code outputs} elements. */
    PLAIN,
    /** {@code outputs} rows of {@code inputs} elements. */
    TRANSPOSED
  }

  /** What happens to the product on its way to the target. */
  public enum PostOperation {
    NONE,
    /** The target's old content is added. */
    ADD_TO_TARGET,
    /** Multiplied, element by element, by a matrix laid out as the target. */
    MULTIPLY
  }
}
