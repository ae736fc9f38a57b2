package io.nightshift.runtime.cpu.onednn;

/**
 * Shape of the matrix multiplication {@code target[rows, outputs] = source[rows, inputs] * weights}
 * and its epilogue. The source has the stride of its type, {@link MatMulType#stride}; the target is
 * f32.
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
        new DenseWeights(layout, MatMulType.F32),
        new Epilogue(false, false, scaling, PostOperation.NONE));
  }

  /** The second matrix. */
  public sealed interface Weights permits DenseWeights, QuantizedWeights {

    /** Element type of the source, in which products are computed. */
    MatMulType type();
  }

  /**
   * A matrix of floating-point numbers.
   *
   * @param type of source and weights
   */
  public record DenseWeights(WeightLayout layout, MatMulType type) implements Weights {}

  /**
   * A matrix of signed integers, each of which stands for its product with the scale of its group.
   * The GEMM unpacks them to {@code type}, some columns at a time. The f32 scales are a dense
   * matrix {@code [inputs / groupSize, outputs]}.
   *
   * @param groupSize inputs that share a scale; divides {@code inputs}, and is a multiple of 16 or
   *     equal to {@code inputs}
   */
  public record QuantizedWeights(CodeLayout codes, int groupSize, MatMulType type)
      implements Weights {}

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
   * @param onTarget whether what the target holds is added
   */
  public record Epilogue(boolean bias, boolean onTarget, Scaling scaling, PostOperation post) {}

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
