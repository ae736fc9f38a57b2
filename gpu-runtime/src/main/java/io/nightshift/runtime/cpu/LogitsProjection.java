package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.MatMul.Scaling;
import io.nightshift.runtime.model.Multipliers;

/** Projection of normed hidden states to the vocabulary. Owned by one worker. */
final class LogitsProjection {
  private final Worker worker;
  private final PackedGemm gemm;
  private final PackedLinear projection;
  private final NativeRows normed;
  private final Scaling scaling;

  /**
   * @param normed rows after the final norm, one for each logits row of a step
   */
  LogitsProjection(
      Worker worker,
      PackedGemm gemm,
      PackedLinear projection,
      NativeRows normed,
      Multipliers multipliers) {
    this.worker = worker;
    this.gemm = gemm;
    this.projection = projection;
    this.normed = normed;
    scaling = new Scaling(multipliers.logits(), multipliers.logitSoftCap());
  }

  /** Computes this worker's share of the step's logits: slices of the vocabulary for all rows. */
  void project(ForwardStep step) {
    step.forEach(projection.slices(), slice -> project(step, slice));
  }

  private void project(ForwardStep step, int slice) {
    NativeRows logits = new NativeRows(step.logits(), (long) projection.outputs() * Float.BYTES);
    int end = step.logitsRows().count();
    for (int from = 0; from < end; from += TilePlan.MAX_ROWS) {
      int count = Math.min(TilePlan.MAX_ROWS, end - from);
      LinearInput input = gemm.input(projection, normed.row(from), count);
      projection.multiplySlice(
          worker.kernels(), slice, LinearOperands.scaled(input, logits.row(from), scaling));
    }
    worker.clock().spent(ForwardStage.LOGITS);
  }
}
