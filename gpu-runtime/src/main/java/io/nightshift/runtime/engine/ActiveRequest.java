package io.nightshift.runtime.engine;

import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.sampling.LogitsException;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.scheduler.Sequence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request in the scheduler's hands, and what becomes of the logits of its sequence. */
abstract class ActiveRequest {

  final Request request;
  final Sequence sequence;
  private volatile @Nullable LogitsException failure;

  ActiveRequest(Request request, Sequence sequence) {
    this.request = request;
    this.sequence = sequence;
  }

  /**
   * The logits that are wanted in the step that computes the sequence's last token.
   *
   * @param lastToken index of that token in the batch; nodes of the sequence's tree follow it
   */
  abstract List<LogitsRequest> logitsRequests(int lastToken);

  /**
   * Uses one of the rows that {@link #logitsRequests} asked for. Different rows are used by several
   * threads at the same time.
   *
   * @param index of the row among those of this request
   * @param row of the step's logits
   */
  abstract void useLogits(int index, Logits logits, int row, LogitsWorkspace workspace);

  /**
   * Goes on to the step after the one that was just submitted, which is still in flight.
   *
   * @param row one of this request's rows of the submitted step's logits
   */
  abstract void continueInFlight(int row);

  /** Takes one step further after all rows were used; returns the completion if it was the last. */
  abstract @Nullable Completion advance();

  final void tryUseLogits(int index, Logits logits, int row, LogitsWorkspace workspace) {
    try {
      useLogits(index, logits, row, workspace);
    } catch (LogitsException e) {
      failure = e;
    }
  }

  /** The completion of a request whose logits were unusable; null where all were usable. */
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
