package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.CpuLayerWeights.MlpWeights;
import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.model.ModelConfig;

/**
 * Gated MLP of a tile: {@code down(swish(gate(x)) * up(x))} (Shazeer, "GLU Variants Improve
 * Transformer", 2020). Owned by one worker.
 */
final class CpuGatedMlp implements AutoCloseable {
  private final Worker worker;
  private final PackedGemm gemm;
  private final int intermediateSize;
  private final FloatScratch gate = new FloatScratch("gates of a tile");
  private final FloatScratch activated = new FloatScratch("MLP activations of a tile");

  CpuGatedMlp(Worker worker, ModelConfig config, PackedGemm gemm) {
    this.worker = worker;
    this.gemm = gemm;
    intermediateSize = config.layers().get(0).feedForward().intermediateSize();
  }

  /** Native bytes for tiles of {@code rows} rows. */
  static long bytes(ModelConfig config, int rows) {
    return 2L * rows * config.layers().get(0).feedForward().intermediateSize() * Float.BYTES;
  }

  /**
   * Adds the MLP's output for {@code count} rows to the residual stream.
   *
   * @param normed address of the rows after the norm
   * @param residual address of the rows of the residual stream
   */
  void addTo(MlpWeights weights, long normed, long residual, int count) {
    KernelCache kernels = worker.kernels();
    StageClock clock = worker.clock();
    int rows = TilePlan.roundRows(count);
    gate.reserve((long) rows * intermediateSize);
    activated.reserve((long) rows * intermediateSize);
    // One input for both projections: bf16 rows are rounded once.
    long input = gemm.input(weights.gate(), normed, count);
    weights.gate().multiply(kernels, LinearOperands.of(rows, input, gate.address()));
    clock.spent(ForwardStage.GATE_UP);
    kernels.swish(rows, intermediateSize).run(gate.address(), gate.address());
    clock.spent(ForwardStage.ACTIVATION);
    weights
        .up()
        .multiply(
            kernels, LinearOperands.multiplying(rows, input, activated.address(), gate.address()));
    clock.spent(ForwardStage.GATE_UP);
    gemm.multiplyAndAdd(weights.down(), activated.address(), residual, count);
    clock.spent(ForwardStage.DOWN);
  }

  @Override
  public void close() {
    gate.close();
    activated.close();
  }
}
