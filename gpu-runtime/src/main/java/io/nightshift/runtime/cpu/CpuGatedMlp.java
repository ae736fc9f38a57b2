package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.CpuLayerWeights.MlpWeights;
import io.nightshift.runtime.model.Activation;

/** One gated MLP that all rows pass. It treats each row by itself, and so needs no barrier. */
final class CpuGatedMlp implements CpuFeedForward {
  private final Worker worker;
  private final MlpWeights weights;
  private final Activation activation;
  private final CpuGatedLinearUnit gatedLinearUnit;
  private final InputNorm norm;
  private final ResidualAdd residualAdd;

  CpuGatedMlp(
      Worker worker,
      MlpWeights weights,
      Activation activation,
      CpuGatedLinearUnit gatedLinearUnit,
      InputNorm norm,
      ResidualAdd residualAdd) {
    this.worker = worker;
    this.weights = weights;
    this.activation = activation;
    this.gatedLinearUnit = gatedLinearUnit;
    this.norm = norm;
    this.residualAdd = residualAdd;
  }

  @Override
  public TileOperation forward(ForwardStep step, StepRows rows, TileOperation input) {
    return (from, count) -> {
      input.run(from, count);
      long residual = rows.residual().row(from);
      long activated =
          gatedLinearUnit.apply(weights, activation, norm.apply(residual, count), count);
      residualAdd.multiplyAndAdd(weights.down(), activated, rows.residual(), from, count);
      worker.clock().spent(ForwardStage.DOWN);
    };
  }
}
