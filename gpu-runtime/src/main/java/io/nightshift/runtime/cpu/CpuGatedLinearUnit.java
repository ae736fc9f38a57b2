package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.CpuLayerWeights.MlpWeights;
import io.nightshift.runtime.cpu.onednn.Eltwise;
import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MatMul.PostOperation;
import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;

/**
 * Gated linear unit of a tile: {@code activation(gate(x)) * up(x)}, the first half of a gated MLP
 * (Shazeer, "GLU Variants Improve Transformer", 2020). Owned by one worker.
 */
final class CpuGatedLinearUnit implements AutoCloseable {
  private final Worker worker;
  private final PackedGemm gemm;
  private final FloatScratch gate = new FloatScratch("gates of a tile");
  private final FloatScratch activated = new FloatScratch("MLP activations of a tile");

  /**
   * How an activation is computed.
   *
   * @param gate end of the gate projection's GEMM
   * @param function what is then applied to the gates
   * @param up end of the up projection's GEMM, which multiplies by them
   */
  private record Steps(PostOperation gate, Eltwise function, PostOperation up) {
    static Steps of(Activation activation) {
      return switch (activation) {
        case SILU -> new Steps(PostOperation.NONE, Eltwise.SWISH, PostOperation.MULTIPLY);
        case GELU_TANH -> new Steps(PostOperation.NONE, Eltwise.GELU_TANH, PostOperation.MULTIPLY);
        case CLAMPED_SWIGLU ->
            new Steps(PostOperation.CLAMP, Eltwise.SCALED_SWISH, PostOperation.CLAMP_AND_MULTIPLY);
      };
    }
  }

  CpuGatedLinearUnit(Worker worker, PackedGemm gemm) {
    this.worker = worker;
    this.gemm = gemm;
  }

  /** Native bytes for tiles of {@code rows} rows. */
  static long bytes(ModelConfig config, int rows) {
    return 2L * rows * widest(config) * Float.BYTES;
  }

  /** The largest intermediate size of all layers. */
  static int widest(ModelConfig config) {
    return config.layers().stream()
        .map(LayerConfig::feedForward)
        .mapToInt(feedForward -> feedForward.intermediateSize())
        .max()
        .orElseThrow();
  }

  /**
   * Computes {@code count} rows.
   *
   * @param input address of rows of {@code hiddenSize} elements
   * @return address of rows of the intermediate size, valid until the next call
   */
  long apply(MlpWeights weights, Activation activation, long input, int count) {
    Steps steps = Steps.of(activation);
    KernelCache kernels = worker.kernels();
    StageClock clock = worker.clock();
    int rows = TilePlan.roundRows(count);
    int columns = weights.gate().outputs();
    gate.reserve((long) rows * columns);
    activated.reserve((long) rows * columns);
    // One input for both projections: bf16 rows are rounded once.
    LinearInput source = gemm.input(weights.gate(), input, count);
    weights
        .gate()
        .multiply(kernels, LinearOperands.combined(source, gate.address(), steps.gate, 0));
    clock.spent(ForwardStage.GATE_UP);
    kernels.eltwise(rows, columns, steps.function).run(gate.address(), gate.address());
    clock.spent(ForwardStage.ACTIVATION);
    weights
        .up()
        .multiply(
            kernels,
            LinearOperands.combined(source, activated.address(), steps.up, gate.address()));
    clock.spent(ForwardStage.GATE_UP);
    return activated.address();
  }

  @Override
  public void close() {
    gate.close();
    activated.close();
  }
}
