package io.nightshift.runtime.cuda;

import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.HostLogits;

/** Whole rows of logits in host memory, one for each logits row of the step. */
final class CudaLogits extends HostLogits {
  private final ForwardBatch batch;
  private final PinnedRows logits;
  private final PinnedRows pooled;

  CudaLogits(ForwardBatch batch, PinnedRows logits, int vocabularySize, PinnedRows pooled) {
    super(batch.logits(), vocabularySize);
    this.batch = batch;
    this.logits = logits;
    this.pooled = pooled;
  }

  @Override
  public void readRow(int row, float[] target) {
    logits.read(batch.logitsRow(row), target);
  }

  @Override
  public float logit(int row, int column) {
    return logits.get(batch.logitsRow(row), column);
  }

  @Override
  public void readPooled(int request, float[] target) {
    pooled.read(request, target);
  }
}
