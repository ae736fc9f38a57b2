package io.nightshift.runtime.sampling;

/**
 * A sampled token.
 *
 * @param token token id
 * @param logprob natural logarithm of its probability in the model's unmodified distribution; NaN
 *     unless the parameters request it
 */
public record SampledToken(int token, float logprob) {}
