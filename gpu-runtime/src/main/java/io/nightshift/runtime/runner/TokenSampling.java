package io.nightshift.runtime.runner;

import io.nightshift.runtime.sampling.SamplingParameters;

/**
 * How a token is chosen, with the meaning of {@link io.nightshift.runtime.sampling.Sampler}.
 *
 * @param context prompt and output tokens so far, in the first {@code contextLength} places
 * @param outputPosition number of output tokens so far
 */
@SuppressWarnings("ArrayRecordComponent") // the sequence's own array, which is not copied each step
public record TokenSampling(
    SamplingParameters parameters, int[] context, int contextLength, int outputPosition) {}
