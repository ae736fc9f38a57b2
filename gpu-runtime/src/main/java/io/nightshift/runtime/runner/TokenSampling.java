package io.nightshift.runtime.runner;

import io.nightshift.runtime.sampling.SamplingParameters;

/**
 * How a token is sampled; see {@link io.nightshift.runtime.sampling.Sampler}.
 *
 * @param context prompt and output tokens so far, in the first {@code contextLength} elements
 * @param outputPosition number of output tokens so far
 */
@SuppressWarnings("ArrayRecordComponent") // the array of the sequence, not copied for each step
public record TokenSampling(
    SamplingParameters parameters, int[] context, int contextLength, int outputPosition) {}
