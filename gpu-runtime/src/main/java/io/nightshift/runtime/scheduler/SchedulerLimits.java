package io.nightshift.runtime.scheduler;

/**
 * Bounds of one step.
 *
 * @param stepTokens most query tokens of a step
 * @param stepLogits most rows of logits of a step
 * @param runningSequences most sequences that have blocks at the same time
 * @param stepInputs most inputs of a step's sequences, unless there is only one; see {@link
 *     io.nightshift.runtime.runner.ModelRunner#maxStepInputs}
 */
public record SchedulerLimits(
    int stepTokens, int stepLogits, int runningSequences, long stepInputs) {

  /** Limits for a runner that takes any inputs. */
  public SchedulerLimits(int stepTokens, int stepLogits, int runningSequences) {
    this(stepTokens, stepLogits, runningSequences, Long.MAX_VALUE);
  }

  public SchedulerLimits {
    if (stepTokens < 1 || stepLogits < 1 || runningSequences < 1 || stepInputs < 1) {
      throw new IllegalArgumentException(
          ("limits must be at least 1, but are: step tokens %s, step logits %s, running sequences %s,"
                  + " step inputs %s")
              .formatted(stepTokens, stepLogits, runningSequences, stepInputs));
    }
  }
}
