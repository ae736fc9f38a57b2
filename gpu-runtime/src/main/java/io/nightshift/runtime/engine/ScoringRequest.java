package io.nightshift.runtime.engine;

import io.nightshift.runtime.engine.ChoiceTree.ScoredNode;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.sampling.LogProbabilities;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.scheduler.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that is answered by scoring its choices. See {@link ChoiceTree} for the arithmetic. */
final class ScoringRequest extends ActiveRequest {

  private final ChoicePlan plan;
  private final double[] logProbabilities;
  private int treeIndex;
  private double[] edgeScores;

  ScoringRequest(Request request, ChoicePlan plan) {
    super(request, Sequence.scoring(request.promptTokens(), plan.trees().get(0).tokens()));
    this.plan = plan;
    this.logProbabilities = new double[plan.choices().texts().size()];
    this.edgeScores = new double[tree().edgeCount()];
  }

  private ChoiceTree tree() {
    return plan.trees().get(treeIndex);
  }

  @Override
  List<LogitsRequest> logitsRequests(int lastToken) {
    List<LogitsRequest> requests = new ArrayList<>();
    for (ScoredNode node : tree().scoredNodes()) {
      requests.add(
          LogitsRequest.scored(lastToken + 1 + node.node(), node.tokens(), node.normalized()));
    }
    return requests;
  }

  @Override
  void useLogits(int index, Logits logits, int row, LogitsWorkspace workspace) {
    ScoredNode node = tree().scoredNodes().get(index);
    double normalizer = node.normalized() ? logits.logSumExp(row, workspace) : 0;
    float[] scores = workspace.row();
    logits.read(row, scores);
    int count = node.tokens().length;
    LogProbabilities.finiteMax(scores, count); // Throws if the model has overflowed.
    for (int i = 0; i < count; i++) {
      edgeScores[node.firstEdge() + i] = scores[i] - normalizer;
    }
  }

  @Override
  void continueInFlight(int row) {
    // The next tree is scored after this one.
  }

  @Override
  @Nullable Completion advance() {
    for (ChoiceTree.Path path : tree().paths()) {
      for (int edge : path.edges()) {
        logProbabilities[path.index()] += edgeScores[edge];
      }
    }
    if (++treeIndex < plan.trees().size()) {
      edgeScores = new double[tree().edgeCount()];
      sequence.scoreNext(tree().tokens());
      return null;
    }
    double[] probabilities = plan.probabilities(logProbabilities);
    return Completion.chosen(
        request,
        plan.choices().texts().get(mostProbable(probabilities)),
        probabilities,
        sequence.cachedTokens());
  }

  /** Returns the first of the most probable choices. */
  private static int mostProbable(double[] probabilities) {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    return best;
  }
}
