package io.nightshift.runtime.bench;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepInFlight;

/**
 * A runner that is lent to one engine and notes the sizes of its steps; closing it does nothing.
 */
final class RecordingRunner implements ModelRunner {
  private final ModelRunner runner;
  private final StepSizes sizes = new StepSizes();

  RecordingRunner(ModelRunner runner) {
    this.runner = runner;
  }

  StepSizes sizes() {
    return sizes;
  }

  @Override
  public ModelConfig config() {
    return runner.config();
  }

  @Override
  public int blockSize() {
    return runner.blockSize();
  }

  @Override
  public int blockCount() {
    return runner.blockCount();
  }

  @Override
  public int maxStepTokens() {
    return runner.maxStepTokens();
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
