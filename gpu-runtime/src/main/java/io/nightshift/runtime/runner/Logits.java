package io.nightshift.runtime.runner;

import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.sampling.SampledToken;

/**
 * Results of one step: a row for each {@link LogitsRequest} of the batch, and a vector for each
 * {@link PoolingRequest}, in the same order. Valid until the runner's next step. Thread-safe, if
 * each thread has its own workspace.
 */
public interface Logits {

  int rows();

  /** Number of logits in a row: the size of the vocabulary, or the number of requested columns. */
  int columns(int row);

  /** Copies row {@code row} to {@code target[0 .. columns(row))}. */
  void read(int row, float[] target);

  /**
   * Log-sum-exp of the logits of the whole vocabulary, for a request with {@link
   * LogitsRequest#normalized()}.
   *
   * @throws io.nightshift.runtime.sampling.LogitsException if there is no finite largest logit
   */
  double logSumExp(int row, LogitsWorkspace workspace);

  /**
   * The sampled token, for a request with {@link LogitsRequest#sampling()}.
   *
   * @throws io.nightshift.runtime.sampling.LogitsException if there is no finite largest logit
   */
  SampledToken sampled(int row, LogitsWorkspace workspace);

  /**
   * Copies the sum of the hidden states that a {@link PoolingRequest} asks for.
   *
   * @param request index of the request
   * @param target at least {@code hiddenSize} elements; not finite if a hidden state is not
   */
  void readPooled(int request, float[] target);
}
