package io.nightshift.runtime.engine;

/**
 * The answer to a request.
 *
 * @param id the request's
 * @param text the answer without stop string and end-of-sequence token; the winning choice where
 *     there were choices
 * @param outputTokens token ids generated, an end-of-sequence token included; empty where there
 *     were choices
 * @param logprobs natural logarithm of the probability of each output token before temperature and
 *     truncation; empty unless asked for
 * @param choiceProbabilities in the order of the request's choices, summing to 1; empty without
 *     choices
 * @param finishReason why it ended
 * @param promptTokens length of the prompt
 * @param cachedTokens prompt tokens whose keys and values were found in the prefix cache
 */
public record Completion(
    long id,
    String text,
    int[] outputTokens,
    float[] logprobs,
    double[] choiceProbabilities,
    FinishReason finishReason,
    int promptTokens,
    int cachedTokens) {}
