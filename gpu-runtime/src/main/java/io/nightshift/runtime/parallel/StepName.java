package io.nightshift.runtime.parallel;

import io.nightshift.runtime.runner.StepBatch;

/** A step in messages. */
record StepName(long number, StepBatch batch) {
  @Override
  public String toString() {
    return "Step %s (%s tokens of %s sequences)"
        .formatted(number, batch.tokenCount(), batch.sequences().size());
  }
}
