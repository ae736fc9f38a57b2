package io.nightshift.runtime.runner;

import org.jspecify.annotations.Nullable;

/**
 * Requests logits after one token of a step, or a value that the runner derives from them on the
 * device: a row of a large vocabulary takes half a megabyte.
 *
 * @param token index of the token in the step's batch
 * @param columns token ids whose logits are requested, in this order; null for the whole vocabulary
 * @param normalized whether the log-sum-exp of the logits of the whole vocabulary is requested as
 *     well
 * @param sampling how to sample the next token; null if none is requested. If not null, no logits
 *     can be read
 */
public record LogitsRequest(
    int token, int @Nullable [] columns, boolean normalized, @Nullable TokenSampling sampling) {

  /** Requests logits. */
  public LogitsRequest(int token, int @Nullable [] columns) {
    this(token, columns, false, null);
  }

  /** Requests the logits of some columns, and optionally the log-sum-exp of the row. */
  public static LogitsRequest scored(int token, int[] columns, boolean normalized) {
    return new LogitsRequest(token, columns, normalized, null);
  }

  /** Requests the next token. */
  public static LogitsRequest sampled(int token, TokenSampling sampling) {
    return new LogitsRequest(token, null, false, sampling);
  }

  /** Whether the logits of the whole vocabulary are requested. */
  public boolean wantsRow() {
    return columns == null && sampling == null;
  }
}
