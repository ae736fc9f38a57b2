package io.nightshift.runtime.runner;

import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.sampling.SampledToken;

/**
 * What one step gives for each {@link LogitsRequest} of the batch, in its order. Valid until the
 * runner's next step. Safe to use from several threads, each with a workspace of its own.
 */
public interface Logits {

  int rows();

  /**
   * Number of logits in a row: the vocabulary's size, or the number of columns that were asked for.
   */
  int columns(int row);

  /** Copies row {@code row} to {@code target[0 .. columns(row))}. */
  void read(int row, float[] target);

  /**
   * The log-sum-exp of the whole vocabulary's logits, for a request with {@link
   * LogitsRequest#normalized()}.
   *
   * @throws io.nightshift.runtime.sampling.LogitsException if there is no finite largest logit
   */
  double logSumExp(int row, LogitsWorkspace workspace);

  /**
   * The next token, for a request with {@link LogitsRequest#sampling()}.
   *
   * @throws io.nightshift.runtime.sampling.LogitsException if there is no finite largest logit
   */
  SampledToken sampled(int row, LogitsWorkspace workspace);
}
