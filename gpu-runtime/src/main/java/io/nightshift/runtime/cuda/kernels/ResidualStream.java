package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import org.jspecify.annotations.Nullable;

/**
 * The residual stream between two parts of a layer, and what is still to be done before it is
 * complete. That is deferred to the next norm, whose kernel reads every row anyway: {@link
 * NormKernels#norm} completes the stream.
 *
 * @param hidden bf16 {@code [at least rows][hidden]}
 * @param rows number of rows, each of a token
 * @param gather the rows to copy into {@code hidden} first; null if they are there
 * @param delta the GEMM output to add; null if there is none, or the GEMM has added it
 * @param routed if {@code delta} has the outputs of experts, whose rows they are: their weighted
 *     sums are added; null if it has a row for each row
 * @param bias f32 {@code [hidden]}: the bias to add; null if there is none
 * @param deltaNorm f32 {@code [hidden]}: weight of the norm of {@code delta} and its bias, before
 *     they are added; null if there is none
 */
public record ResidualStream(
    DeviceMatrix hidden,
    int rows,
    @Nullable Gather gather,
    @Nullable ScaledOutput delta,
    @Nullable RoutedRows routed,
    @Nullable DeviceVector bias,
    @Nullable DeviceVector deltaNorm) {

  /**
   * Rows of another matrix.
   *
   * @param table bf16 {@code [...][hidden]}: the embedding, or another residual stream
   * @param indices an int for each row: its row in the table
   * @param multiplier factor of the rows
   * @param streamRows number of rows of the other residual stream, which ranks may have divided; 0
   *     for the embedding, which each has
   */
  record Gather(DeviceMatrix table, DeviceVector indices, float multiplier, int streamRows) {}

  /** A stream whose rows are complete in {@code hidden}. */
  public static ResidualStream of(DeviceMatrix hidden, int rows) {
    return new ResidualStream(hidden, rows, null, null, null, null, null);
  }

  /** A stream that starts with multiples of rows of the embedding, one for each index. */
  public static ResidualStream embed(
      DeviceMatrix embedding, DeviceVector indices, float multiplier, DeviceMatrix hidden) {
    Gather rows = new Gather(embedding, indices, multiplier, 0);
    return new ResidualStream(hidden, indices.size(), rows, null, null, null, null);
  }

  /** A stream of some rows of this one, which must be complete in its memory. */
  public ResidualStream select(DeviceVector indices, DeviceMatrix target) {
    Gather selected = new Gather(hidden, indices, 1, rows);
    return new ResidualStream(target, indices.size(), selected, null, null, null, null);
  }

  /**
   * A complete stream, to which a GEMM's output and its bias are still to be added, normed if there
   * is a norm.
   */
  public ResidualStream plus(
      @Nullable ScaledOutput output,
      @Nullable DeviceVector outputBias,
      @Nullable DeviceVector outputNorm) {
    return new ResidualStream(hidden, rows, gather, output, null, outputBias, outputNorm);
  }

  /**
   * A complete stream, to which the weighted sums of the outputs of experts are still to be added,
   * normed if there is a norm.
   */
  public ResidualStream plusExperts(
      ScaledOutput outputs, RoutedRows rowsOfExperts, @Nullable DeviceVector outputNorm) {
    return new ResidualStream(hidden, rows, gather, outputs, rowsOfExperts, null, outputNorm);
  }

  /** Whether {@code hidden} already holds the complete stream. */
  boolean isComplete() {
    return gather == null && delta == null && bias == null;
  }
}
