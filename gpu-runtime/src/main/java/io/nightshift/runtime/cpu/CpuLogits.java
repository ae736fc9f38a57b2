package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.runner.HostLogits;
import io.nightshift.runtime.runner.StepLayout;

/** Logits in native memory, a row of the whole vocabulary for each kept row of the step. */
final class CpuLogits extends HostLogits {
  private final StepLayout layout;
  private final NativeMemory memory;
  private final int vocabularySize;

  CpuLogits(StepLayout layout, NativeMemory memory, int vocabularySize) {
    super(layout.logits(), vocabularySize);
    this.layout = layout;
    this.memory = memory;
    this.vocabularySize = vocabularySize;
  }

  @Override
  public void readRow(int row, float[] target) {
    long first = (long) layout.requestRow(row) * vocabularySize;
    memory.floats(first, vocabularySize).get(target, 0, vocabularySize);
  }

  @Override
  public float logit(int row, int column) {
    return memory.floats((long) layout.requestRow(row) * vocabularySize + column, 1).get(0);
  }
}
