package io.nightshift.runtime.bench;

/**
 * What runs of the same rows with and without a constraint showed.
 *
 * @param constrained all tokens sampled, from masks
 * @param free without a constraint, as many output tokens for each row as {@code constrained}
 * @param forced constrained, and tokens without alternative not sampled
 */
public record ConstrainedMeasurement(
    Measurement constrained, Measurement free, Measurement forced) {

  /** Speed that the constraint leaves. */
  public double constrainedOverFree() {
    return constrained.rowsPerSecond() / free.rowsPerSecond();
  }

  /** What forced tokens bring. */
  public double forcedOverConstrained() {
    return forced.rowsPerSecond() / constrained.rowsPerSecond();
  }
}
