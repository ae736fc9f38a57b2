package io.nightshift.runtime.cpu.onednn;

/**
 * Shape of the matrix multiplication {@code target[rows, outputs] = source[rows, inputs] * weights}
 * and its epilogue. The source is dense; the target is f32.
 *
 * @param targetStride elements from one row of the target to the next
 */
public record MatMul(
    int rows, int inputs, int outputs, int targetStride, Weights weights, Epilogue epilogue) {

  /** A multiplication of f32 matrices, all dense, without an epilogue. */
  public static MatMul dense(int rows, int inputs, int outputs, WeightLayout layout) {
    return new MatMul(
        rows, inputs, outputs, outputs, new Weights(layout, MatMulType.F32), Epilogue.NONE);
  }

  /**
   * The second matrix.
   *
   * @param type of source and weights
   */
  public record Weights(WeightLayout layout, MatMulType type) {}

  /** Memory layout of the weights. */
  public enum WeightLayout {
    /** A {@link PackedFormat}. */
    PACKED,
    /** {@code inputs} rows of {@code outputs} elements, dense. */
    PLAIN,
    /** {@code outputs} rows of {@code inputs} elements, dense. */
    TRANSPOSED
  }

  /**
   * What is done to the result before it is stored.
   *
   * @param bias whether a vector of {@code outputs} floats is added
   */
  public record Epilogue(boolean bias, PostOperation post) {
    /** Stores the result as it is. */
    public static final Epilogue NONE = new Epilogue(false, PostOperation.NONE);
  }

  /** How the result is combined with another matrix. */
  public enum PostOperation {
    NONE,
    /** Adds the result to the target. */
    ADD_TO_TARGET,
    /** Multiplies the result, element by element, by a matrix laid out like the target. */
    MULTIPLY
  }
}
