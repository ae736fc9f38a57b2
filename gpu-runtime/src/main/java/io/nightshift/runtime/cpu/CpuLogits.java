package io.nightshift.runtime.cpu;

import io.nightshift.runtime.runner.StepLayout;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.runner.Logits;
import java.nio.FloatBuffer;

/** Logits in native memory, a row of the whole vocabulary for each kept row of the step. */
final class CpuLogits implements Logits {
  private final StepLayout layout;
  private final NativeMemory memory;
  private final int vocabularySize;

  CpuLogits(StepLayout layout, NativeMemory memory, int vocabularySize) {
    this.layout = layout;
    this.memory = memory;
    this.vocabularySize = vocabularySize;
  }

  @Override
  public int rows() {
    return layout.logits().size();
  }

  @Override
  public int columns(int row) {
    int[] columns = layout.logits().get(row).columns();
    return columns == null ? vocabularySize : columns.length;
  }

  @Override
  public void read(int row, float[] target) {
    FloatBuffer logits = memory.floats((layout.requestRow(row) + 1) * vocabularySize);
    int start = layout.requestRow(row) * vocabularySize;
    int[] columns = layout.logits().get(row).columns();
    if (columns == null) {
      logits.get(start, target, 0, vocabularySize);
      return;
    }
    for (int i = 0; i < columns.length; i++) {
      target[i] = logits.get(start + columns[i]);
    }
  }
}
