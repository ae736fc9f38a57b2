package io.nightshift.runtime.scheduler;

/**
 * Bounds of one step.
 *
 * @param stepTokens most query tokens of a step
 * @param stepLogits most rows of logits of a step
 * @param runningSequences most sequences that have blocks at the same time
 */
public record SchedulerLimits(int stepTokens, int stepLogits, int runningSequences) {

  public SchedulerLimits {
    if (stepTokens < 1 || stepLogits < 1 || runningSequences < 1) {
      throw new IllegalArgumentException(
          "limits must be at least 1, but are: step tokens %s, step logits %s, running sequences %s"
              .formatted(stepTokens, stepLogits, runningSequences));
    }
  }
}
