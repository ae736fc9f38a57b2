package io.nightshift.runtime.runner;

/**
 * Requests the sum of the hidden states of consecutive tokens of one sequence, after the final
 * norm. The mean over a prompt whose tokens are in several steps is the sum of these, divided by
 * their number.
 *
 * @param firstToken index of the first token in the step's batch
 * @param tokenCount number of tokens, at least one
 */
public record PoolingRequest(int firstToken, int tokenCount) {}
