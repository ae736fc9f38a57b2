package io.nightshift.runtime.scheduler;

/**
 * Limits of one step.
 *
 * @param stepTokens maximum number of query tokens per step
 * @param stepLogits maximum number of logits rows per step
 * @param runningSequences maximum number of sequences that have blocks at the same time
 * @param stepInputs maximum total inputs of the sequences of a step, unless there is only one; see
 *     {@link io.nightshift.runtime.runner.ModelRunner#maxStepInputs}
 */
public record SchedulerLimits(
    int stepTokens, int stepLogits, int runningSequences, long stepInputs) {

  /** Limits for a runner that accepts any number of inputs. */
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
