package io.nightshift.runtime.runner;

import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.sampling.SamplingParameters;
import org.jspecify.annotations.Nullable;

/**
 * How a token is sampled; see {@link io.nightshift.runtime.sampling.Sampler}.
 *
 * @param context prompt and output tokens so far, in the first {@code contextLength} elements
 * @param outputPosition number of output tokens so far
 * @param constraint which tokens are allowed; null for all
 */
@SuppressWarnings("ArrayRecordComponent") // the array of the sequence, not copied for each step
public record TokenSampling(
    SamplingParameters parameters,
    int[] context,
    int contextLength,
    int outputPosition,
    @Nullable LateMask constraint) {

  /** Samples any token. */
  public TokenSampling(
      SamplingParameters parameters, int[] context, int contextLength, int outputPosition) {
    this(parameters, context, contextLength, outputPosition, null);
  }

  /** The allowed tokens; null for all. Not before {@link StepInFlight#sample}. */
  public @Nullable TokenMask mask() {
    return constraint == null ? null : constraint.mask();
  }
}
