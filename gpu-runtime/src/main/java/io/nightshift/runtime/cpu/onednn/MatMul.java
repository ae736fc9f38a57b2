package io.nightshift.runtime.cpu.onednn;

/**
 * Shape of the matrix multiplication {@code target[rows, outputs] = source[rows, inputs] * weights}
 * and its epilogue. The source is dense; the target is f32.
 *
 * @param targetStride elements from one row of the target to the next
 */
public record MatMul(
    int rows, int inputs, int outputs, int targetStride, Weights weights, Epilogue epilogue) {

  /** A multiplication of f32 matrices, all dense. */
  public static MatMul dense(
      int rows, int inputs, int outputs, WeightLayout layout, Scaling scaling) {
    return new MatMul(
        rows,
        inputs,
        outputs,
        outputs,
        new Weights(layout, MatMulType.F32),
        new Epilogue(false, scaling, PostOperation.NONE));
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
   * What is done to the result before it is stored, in the order of the components.
   *
   * @param bias whether a vector of {@code outputs} floats is added
   */
  public record Epilogue(boolean bias, Scaling scaling, PostOperation post) {}

  /**
   * The result {@code x} becomes {@code factor * x}, and this {@code y} then {@code softCap *
   * tanh(y / softCap)}.
   *
   * @param softCap 0 for none
   */
  public record Scaling(float factor, float softCap) {
    /** Nothing is multiplied or capped. */
    public static final Scaling NONE = new Scaling(1, 0);
  }

  /** How the result is bounded, and combined with another matrix. */
  public enum PostOperation {
    NONE,
    /** Adds the result to the target. */
    ADD_TO_TARGET,
    /** Multiplies the result, element by element, by a matrix laid out like the target. */
    MULTIPLY,
    /** Bounds the result by 7 from above. */
    CLAMP,
    /** Bounds the result by -7 and 7, adds 1, and then multiplies it as {@link #MULTIPLY} does. */
    CLAMP_AND_MULTIPLY;

    /** Whether there is another matrix besides the target. */
    public boolean hasFactor() {
      return this == MULTIPLY || this == CLAMP_AND_MULTIPLY;
    }
  }
}
