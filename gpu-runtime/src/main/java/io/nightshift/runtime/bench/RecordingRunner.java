package io.nightshift.runtime.bench;

import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepInFlight;

/**
 * A runner that is lent to one engine and notes the sizes of its steps; closing it does nothing.
 */
final class RecordingRunner extends ForwardingModelRunner {
  private final StepSizes sizes = new StepSizes();

  RecordingRunner(ModelRunner runner) {
    super(runner);
  }

  StepSizes sizes() {
    return sizes;
  }

  @Override
  public Logits run(StepBatch batch) {
    sizes.add(batch.tokenCount());
    return runner.run(batch);
  }

  @Override
  public StepInFlight submit(StepBatch batch) {
    sizes.add(batch.tokenCount());
    return runner.submit(batch);
  }

  @Override
  public void close() {}
}
