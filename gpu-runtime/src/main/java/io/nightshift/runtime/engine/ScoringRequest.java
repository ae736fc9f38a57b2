package io.nightshift.runtime.engine;

import io.nightshift.runtime.engine.ChoiceTree.ScoredNode;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.sampling.LogProbabilities;
import io.nightshift.runtime.scheduler.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that is answered by scoring its choices; see {@link ChoiceTree} for the arithmetic. */
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
      requests.add(new LogitsRequest(lastToken + 1 + node.node(), node.columns()));
    }
    return requests;
  }

  @Override
  void useLogits(int index, float[] logits, int count, LogitsWorkspace workspace) {
    ScoredNode node = tree().scoredNodes().get(index);
    LogProbabilities.finiteMax(logits, count); // Throws where the model has overflowed.
    double normalizer = node.normalized() ? LogProbabilities.logSumExp(logits, count) : 0;
    int[] tokens = node.tokens();
    for (int i = 0; i < tokens.length; i++) {
      int column = node.normalized() ? tokens[i] : i;
      edgeScores[node.firstEdge() + i] = logits[column] - normalizer;
    }
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
        request.id(),
        plan.choices().texts().get(mostProbable(probabilities)),
        probabilities,
        sequence.promptLength(),
        sequence.cachedTokens());
  }

  /** The first of the most probable choices. */
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
