package io.nightshift.runtime.runner;

import org.jspecify.annotations.Nullable;

/**
 * Asks for something of the logits after one token of a step: logits themselves, or what the runner
 * makes of a row where it lies, since a row of a large vocabulary is half a megabyte.
 *
 * @param token index of the token in the step's batch
 * @param columns vocabulary ids whose logits are wanted, in this order; null for the whole
 *     vocabulary
 * @param normalized whether the log-sum-exp of the whole vocabulary's logits is wanted beside them
 * @param sampling how to choose the next token; null where none is wanted. With it, no logits can
 *     be read
 */
public record LogitsRequest(
    int token, int @Nullable [] columns, boolean normalized, @Nullable TokenSampling sampling) {

  /** Asks for logits. */
  public LogitsRequest(int token, int @Nullable [] columns) {
    this(token, columns, false, null);
  }

  /** Asks for logits of some columns, and for the row's log-sum-exp where that is wanted. */
  public static LogitsRequest scored(int token, int[] columns, boolean normalized) {
    return new LogitsRequest(token, columns, normalized, null);
  }

  /** Asks for the next token. */
  public static LogitsRequest sampled(int token, TokenSampling sampling) {
    return new LogitsRequest(token, null, false, sampling);
  }

  /** Whether the whole row of logits is to be read. */
  public boolean wantsRow() {
    return columns == null && sampling == null;
  }
}
