package io.nightshift.job.report.answers;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Finds the probability of the answer among those of all choices, and the next best choice. */
final class BestChoices implements BiConsumer<String, Double> {
  private final String answer;
  private double confidence;
  private double second = -1;
  private @Nullable String runnerUp;

  BestChoices(String answer) {
    this.answer = answer;
  }

  @Override
  public void accept(String choice, Double probability) {
    if (choice.equals(answer)) {
      confidence = probability;
    } else if (probability > second) {
      second = probability;
      runnerUp = choice;
    }
  }

  double confidence() {
    return confidence;
  }

  @Nullable String runnerUp() {
    return runnerUp;
  }
}
