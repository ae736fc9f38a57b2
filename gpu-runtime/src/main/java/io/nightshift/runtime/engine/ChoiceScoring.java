package io.nightshift.runtime.engine;

import io.nightshift.runtime.engine.ChoiceTree.ScoredNode;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.sampling.LogProbabilities;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.scheduler.TokenTree;
import java.util.ArrayList;
import java.util.List;

/**
 * The scores of choices that follow a sequence, tree by tree. See {@link ChoiceTree} for the
 * arithmetic.
 */
final class ChoiceScoring {

  private final ChoicePlan plan;
  private final double[] logProbabilities;
  private int treeIndex;
  private double[] edgeScores;

  ChoiceScoring(ChoicePlan plan) {
    this.plan = plan;
    this.logProbabilities = new double[plan.choices().texts().size()];
    this.edgeScores = new double[tree().edgeCount()];
  }

  private ChoiceTree tree() {
    return plan.trees().get(treeIndex);
  }

  /** The tree to compute next. */
  TokenTree tokens() {
    return tree().tokens();
  }

  /**
   * The logits that the tree needs.
   *
   * @param lastToken index in the batch of the token before the tree
   */
  List<LogitsRequest> logitsRequests(int lastToken) {
    List<LogitsRequest> requests = new ArrayList<>();
    for (ScoredNode node : tree().scoredNodes()) {
      requests.add(
          LogitsRequest.scored(lastToken + 1 + node.node(), node.tokens(), node.normalized()));
    }
    return requests;
  }

  /** Uses one of the rows of {@link #logitsRequests}. Called concurrently for different rows. */
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

  /**
   * Goes on to the next tree, after all rows of this one were used. Returns whether there is one.
   */
  boolean advance() {
    for (ChoiceTree.Path path : tree().paths()) {
      for (int edge : path.edges()) {
        logProbabilities[path.index()] += edgeScores[edge];
      }
    }
    if (++treeIndex == plan.trees().size()) {
      return false;
    }
    edgeScores = new double[tree().edgeCount()];
    return true;
  }

  /** The probabilities of the choices among each other, after the last tree. */
  double[] probabilities() {
    return plan.probabilities(logProbabilities);
  }

  /** The first of the most probable choices. */
  static int mostProbable(double[] probabilities) {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    return best;
  }
}
