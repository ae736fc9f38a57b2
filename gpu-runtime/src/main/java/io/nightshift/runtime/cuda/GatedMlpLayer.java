package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.kernels.ResidualStream;
import java.util.List;

/** The gated MLP of one layer. */
final class GatedMlpLayer implements FeedForward {
  private final CudaOperators operators;
  private final StepArena arena;
  private final GatedMlp mlp;
  private final int index;
  private final ResidualAddition down;

  /**
   * @param index number of the layer among those of {@code mlp}
   * @param down the down projection of {@code mlp}'s activated rows
   */
  GatedMlpLayer(
      CudaOperators operators, StepArena arena, GatedMlp mlp, int index, ResidualAddition down) {
    this.operators = operators;
    this.arena = arena;
    this.mlp = mlp;
    this.index = index;
    this.down = down;
  }

  @Override
  public ResidualStream run(ResidualStream residual) {
    mlp.gateUp(index, residual.rows());
    down.multiply(operators, residual);
    return down.to(residual);
  }

  @Override
  public List<LayerGemm> gemms() {
    return List.of(mlp.gateUpGemm(index), down.gemm(arena.residual));
  }
}
