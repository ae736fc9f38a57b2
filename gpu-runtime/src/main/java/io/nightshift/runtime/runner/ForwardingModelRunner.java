package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.ModelConfig;
import java.util.List;
import java.util.Optional;

/**
 * A runner that delegates to another one. Subclasses override what they change. {@link #submit}
 * calls {@link #run} and completes the step, unless it is overridden too.
 */
public abstract class ForwardingModelRunner implements ModelRunner {
  protected final ModelRunner runner;

  protected ForwardingModelRunner(ModelRunner runner) {
    this.runner = runner;
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
  public List<BlockGroup> blockGroups() {
    return runner.blockGroups();
  }

  @Override
  public HostBlocks hostBlocks() {
    return runner.hostBlocks();
  }

  @Override
  public Optional<HostCopyTime> hostCopyTime() {
    return runner.hostCopyTime();
  }

  @Override
  public int maxStepTokens() {
    return runner.maxStepTokens();
  }

  @Override
  public long maxStepInputs() {
    return runner.maxStepInputs();
  }

  @Override
  public Logits run(StepBatch batch) {
    return runner.run(batch);
  }

  @Override
  public Optional<StepTimes> stepTimes() {
    return runner.stepTimes();
  }

  @Override
  public void close() {
    runner.close();
  }
}
