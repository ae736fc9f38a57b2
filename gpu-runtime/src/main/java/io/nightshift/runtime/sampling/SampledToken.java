package io.nightshift.runtime.sampling;

/**
 * A sampled token.
 *
 * @param token token id
 * @param logprob natural logarithm of its probability in the model's unmodified distribution; NaN
 *     unless the parameters request it
 * @param top the most probable tokens at this position, as many as the parameters request
 */
public record SampledToken(int token, float logprob, TopLogprobs top) {}
