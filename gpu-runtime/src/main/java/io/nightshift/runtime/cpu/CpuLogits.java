package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.HostLogits;

/**
 * Results of a step: logits in native memory, one row of {@code vocabularySize} floats per logits
 * row of the step, and the sums of pooled hidden states.
 */
final class CpuLogits extends HostLogits {
  private final ForwardBatch batch;
  private final NativeMemory memory;
  private final int vocabularySize;
  private final PooledStates pooled;

  CpuLogits(ForwardBatch batch, NativeMemory memory, int vocabularySize, PooledStates pooled) {
    super(batch.logits(), vocabularySize);
    this.batch = batch;
    this.memory = memory;
    this.vocabularySize = vocabularySize;
    this.pooled = pooled;
  }

  @Override
  public void readRow(int row, float[] target) {
    long first = (long) batch.logitsRow(row) * vocabularySize;
    memory.floats(first, vocabularySize).get(target, 0, vocabularySize);
  }

  @Override
  public float logit(int row, int column) {
    return memory.floats((long) batch.logitsRow(row) * vocabularySize + column, 1).get(0);
  }

  @Override
  public void readPooled(int request, float[] target) {
    pooled.read(request, target);
  }
}
