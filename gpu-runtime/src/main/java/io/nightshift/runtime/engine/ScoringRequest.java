package io.nightshift.runtime.engine;

import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.scheduler.Sequence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that is answered by scoring its choices. */
final class ScoringRequest extends ActiveRequest {

  private final ChoicePlan plan;
  private final ChoiceScoring scoring;

  /**
   * @param longContext whether the longest choice makes a long sequence
   */
  ScoringRequest(Request request, ChoicePlan plan, boolean longContext) {
    super(
        request,
        Sequence.scoring(request.promptTokens(), plan.trees().get(0).tokens(), longContext));
    this.plan = plan;
    this.scoring = new ChoiceScoring(plan);
  }

  @Override
  List<LogitsRequest> logitsRequests(int lastToken) {
    return scoring.logitsRequests(lastToken);
  }

  @Override
  void useLogits(int index, Logits logits, int row, LogitsWorkspace workspace) {
    scoring.useLogits(index, logits, row, workspace);
  }

  @Override
  void continueInFlight(int row) {
    // The next tree is scored after this one.
  }

  @Override
  boolean isScoring() {
    return true;
  }

  @Override
  @Nullable Completion advance() {
    if (scoring.advance()) {
      sequence.scoreNext(scoring.tokens());
      return null;
    }
    double[] probabilities = scoring.probabilities();
    return Completion.chosen(
        request,
        plan.choices().texts().get(ChoiceScoring.mostProbable(probabilities)),
        probabilities,
        sequence.cachedTokens());
  }
}
