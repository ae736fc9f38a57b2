package io.nightshift.runtime.runner;

import org.jspecify.annotations.Nullable;

/**
 * Asks for the logits after one token of a step.
 *
 * @param token index of the token in the step's batch
 * @param columns vocabulary ids whose logits are wanted, in this order; null for the whole
 *     vocabulary
 */
public record LogitsRequest(int token, int @Nullable [] columns) {}
