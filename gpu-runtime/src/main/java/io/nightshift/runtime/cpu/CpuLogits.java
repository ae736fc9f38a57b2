package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.HostLogits;

/** Logits in native memory: one row of {@code vocabularySize} floats per logits row of the step. */
final class CpuLogits extends HostLogits {
  private final ForwardBatch batch;
  private final NativeMemory memory;
  private final int vocabularySize;

  CpuLogits(ForwardBatch batch, NativeMemory memory, int vocabularySize) {
    super(batch.logits(), vocabularySize);
    this.batch = batch;
    this.memory = memory;
    this.vocabularySize = vocabularySize;
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
}
