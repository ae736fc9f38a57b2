package io.nightshift.runtime.sampling;

/**
 * A chosen token.
 *
 * @param token its id
 * @param logprob natural logarithm of its probability under the model's unmodified distribution;
 *     not a number unless the parameters ask for it
 */
public record SampledToken(int token, float logprob) {}
