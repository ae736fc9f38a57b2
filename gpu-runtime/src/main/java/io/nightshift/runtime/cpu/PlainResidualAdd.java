package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.MatMul.Scaling;
import io.nightshift.runtime.model.ModelConfig;

/** Adds outputs as they are, or multiplied by a constant: in the epilogue of the GEMM. */
final class PlainResidualAdd implements ResidualAdd {
  private final Worker worker;
  private final PackedGemm gemm;
  private final int hiddenSize;
  private final Scaling scaling;

  PlainResidualAdd(Worker worker, ModelConfig config, PackedGemm gemm) {
    this.worker = worker;
    this.gemm = gemm;
    hiddenSize = config.hiddenSize();
    scaling = new Scaling(config.multipliers().residual(), 0);
  }

  @Override
  public void multiplyAndAdd(
      PackedLinear linear, long source, NativeRows residual, int from, int count) {
    gemm.multiplyAndAdd(linear, source, residual.row(from), count, scaling);
  }

  @Override
  public void add(long output, NativeRows residual, int from, int count) {
    int rows = TilePlan.roundRows(count);
    if (scaling.factor() != 1) {
      worker.kernels().multiply(rows, hiddenSize, scaling.factor()).run(output, output);
    }
    long target = residual.row(from);
    worker.kernels().add(rows, hiddenSize).run(output, target, target);
  }
}
