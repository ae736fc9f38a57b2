package io.nightshift.runtime.bench;

import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepInFlight;

/**
 * A runner that is lent to one engine and notes the sizes and the operations of its steps; closing
 * it does nothing.
 */
final class RecordingRunner extends ForwardingModelRunner {
  private final StepSizes sizes = new StepSizes();

  private final StepOperations operations;

  RecordingRunner(ModelRunner runner) {
    super(runner);
    operations = new StepOperations(runner.config());
  }

  StepOperations operations() {
    return operations;
  }

  StepSizes sizes() {
    return sizes;
  }

  @Override
  public Logits run(StepBatch batch) {
    sizes.add(batch.tokenCount());
    operations.add(batch);
    return runner.run(batch);
  }

  @Override
  public StepInFlight submit(StepBatch batch) {
    sizes.add(batch.tokenCount());
    operations.add(batch);
    return runner.submit(batch);
  }

  @Override
  public void close() {}
}
