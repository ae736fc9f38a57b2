package io.nightshift.runtime.engine;

import io.nightshift.runtime.constraint.TokenMatcher.EnumeratedField;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.sampling.CounterRandom;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.sampling.SamplingParameters;
import io.nightshift.runtime.scheduler.TokenTree;
import java.util.List;

/**
 * An enumerated field of an answer that is decided like a request with choices: its values are
 * scored as a token tree. The most probable one is written, or one drawn by the probabilities at
 * the temperature of the request.
 */
final class FieldScoring {
  private final EnumeratedField field;
  private final ChoiceScoring scoring;
  private final SamplingParameters parameters;
  private final int outputPosition;
  private int chosen = -1;
  private double probability;

  /**
   * @param outputPosition number of output tokens so far
   */
  FieldScoring(
      EnumeratedField field, ChoicePlan plan, SamplingParameters parameters, int outputPosition) {
    this.field = field;
    this.scoring = new ChoiceScoring(plan);
    this.parameters = parameters;
    this.outputPosition = outputPosition;
  }

  TokenTree tokens() {
    return scoring.tokens();
  }

  List<LogitsRequest> logitsRequests(int lastToken) {
    return scoring.logitsRequests(lastToken);
  }

  void useLogits(int index, Logits logits, int row, LogitsWorkspace workspace) {
    scoring.useLogits(index, logits, row, workspace);
  }

  /** Decides the value, after all rows of the last tree were used. */
  void advance() {
    if (scoring.advance()) {
      return;
    }
    double[] probabilities = scoring.probabilities();
    chosen =
        parameters.temperature() == 0
            ? ChoiceScoring.mostProbable(probabilities)
            : draw(probabilities);
    probability = probabilities[chosen];
  }

  private int draw(double[] probabilities) {
    double[] weights = new double[probabilities.length];
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.pow(probabilities[i], 1 / parameters.temperature());
      total += weights[i];
    }
    double left = CounterRandom.uniform(parameters.seed(), outputPosition) * total;
    int drawn = 0;
    while (drawn < weights.length - 1 && left >= weights[drawn]) {
      left -= weights[drawn++];
    }
    return drawn;
  }

  boolean isDecided() {
    return chosen >= 0;
  }

  String pointer() {
    return field.pointer();
  }

  /** The tokens of the chosen value that are not written yet. */
  int[] chosenTokens() {
    return field.tokens().get(chosen);
  }

  /** The probability of the chosen value among the allowed ones. */
  double probability() {
    return probability;
  }
}
