package io.nightshift.runtime.engine;

import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.PoolingRequest;
import io.nightshift.runtime.sampling.LogitsException;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.scheduler.ScheduledSequence;
import io.nightshift.runtime.scheduler.Sequence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that has been given to the scheduler, and the use of the logits of its sequence. */
abstract class ActiveRequest {

  final Request request;
  final Sequence sequence;
  private volatile @Nullable LogitsException failure;

  ActiveRequest(Request request, Sequence sequence) {
    this.request = request;
    this.sequence = sequence;
  }

  /**
   * Returns the logits that are needed of the step that computes the last token of the sequence.
   *
   * @param lastToken index of that token in the batch; the nodes of the tree of the sequence follow
   *     it
   */
  abstract List<LogitsRequest> logitsRequests(int lastToken);

  /**
   * Uses one of the rows that {@link #logitsRequests} requested. Called concurrently for different
   * rows.
   *
   * @param index index of the row among those of this request
   * @param row index of the row among all logits of the step
   */
  abstract void useLogits(int index, Logits logits, int row, LogitsWorkspace workspace);

  /**
   * Returns the hidden states that are needed of a step, which may compute a part of the prompt
   * only; null if none are.
   *
   * @param part what the step computes of the sequence
   * @param firstToken index of its first token in the batch
   */
  @Nullable PoolingRequest poolingRequest(ScheduledSequence part, int firstToken) {
    return null;
  }

  /**
   * Uses the hidden states that {@link #poolingRequest} requested. Called concurrently for
   * different requests, and for one request in the order of its steps.
   *
   * @param index index of the request among all pooling requests of the step
   */
  void usePooled(Logits results, int index) {
    throw new IllegalStateException("no hidden states were asked for");
  }

  /**
   * Prepares the sequence for the next step, while the submitted one is still in flight; or leaves
   * it as it is, to wait for the result.
   *
   * @param row index of a row of this request among all logits of the submitted step
   */
  abstract void continueInFlight(int row);

  /**
   * Starts the request, before the scheduler gets its sequence. Returns the completion if there is
   * nothing to compute.
   */
  @Nullable Completion begin() {
    return null;
  }

  /** Whether the next step scores a tree, and does not sample a token. */
  boolean isScoring() {
    return false;
  }

  /** Whether {@link #advanceConstraint} has something to do after a step. */
  boolean isConstrained() {
    return false;
  }

  /**
   * Finds, after all rows of a step were used, which tokens a constraint allows next. Called
   * concurrently for different requests, before {@link #advance}.
   */
  void advanceConstraint() {}

  /** Number of output tokens so far that were not sampled, because nothing else was possible. */
  int forcedTokens() {
    return 0;
  }

  /**
   * Advances the request after all rows of a step were used. Returns the completion if it is
   * finished.
   */
  abstract @Nullable Completion advance();

  final void tryUseLogits(int index, Logits logits, int row, LogitsWorkspace workspace) {
    try {
      useLogits(index, logits, row, workspace);
    } catch (LogitsException e) {
      failure = e;
    }
  }

  final void tryUsePooled(Logits results, int index) {
    try {
      usePooled(results, index);
    } catch (LogitsException e) {
      failure = e;
    }
  }

  final boolean hasFailed() {
    return failure != null;
  }

  /** Returns the completion of the request if logits were unusable, or else null. */
  final @Nullable Completion failed() {
    LogitsException seen = failure;
    return seen == null
        ? null
        : Completion.failed(
            request,
            sequence.cachedTokens(),
            RequestError.INVALID_LOGITS,
            "the model's output is not usable: %s; another dtype may help"
                .formatted(seen.getMessage()));
  }
}
