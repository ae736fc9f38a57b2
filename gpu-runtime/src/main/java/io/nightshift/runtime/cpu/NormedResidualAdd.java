package io.nightshift.runtime.cpu;

/** Adds outputs after an RMS norm of their own (OLMo 2, Gemma 2 and 3). */
final class NormedResidualAdd implements ResidualAdd {
  private final PackedGemm gemm;
  private final RmsNorm norm;
  private final long weights;
  private final FloatScratch output;
  private final ResidualAdd add;

  /**
   * @param weights address of the norm's weights
   * @param output scratch memory for the rows of a tile before the norm
   * @param add adds the rows after the norm
   */
  NormedResidualAdd(
      PackedGemm gemm, RmsNorm norm, long weights, FloatScratch output, ResidualAdd add) {
    this.gemm = gemm;
    this.norm = norm;
    this.weights = weights;
    this.output = output;
    this.add = add;
  }

  @Override
  public void multiplyAndAdd(
      PackedLinear linear, long source, NativeRows residual, int from, int count) {
    output.reserve((long) TilePlan.roundRows(count) * linear.outputs());
    gemm.multiply(linear, source, output.address(), count);
    add(output.address(), residual, from, count);
  }

  @Override
  public void add(long rows, NativeRows residual, int from, int count) {
    add.add(norm.apply(weights, rows, count), residual, from, count);
  }
}
