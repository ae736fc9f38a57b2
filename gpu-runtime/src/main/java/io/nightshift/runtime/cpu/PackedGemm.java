package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.MatMul.Scaling;
import io.nightshift.runtime.cpu.onednn.MatMulType;
import io.nightshift.runtime.model.ModelConfig;

/**
 * GEMMs of f32 rows and packed weights. If the weights are bf16, the rows are rounded to bf16
 * first. Owned by one worker.
 */
final class PackedGemm implements AutoCloseable {
  private final Worker worker;
  private final FloatScratch rounded = new FloatScratch("bf16 rows of a tile");

  PackedGemm(Worker worker) {
    this.worker = worker;
  }

  /** Native bytes for tiles of {@code rows} rows. */
  static long bytes(ModelConfig config, int rows) {
    long widestInput =
        Math.max(
            CpuGatedLinearUnit.widest(config),
            Math.max(config.hiddenSize(), config.attention().queryWidth()));
    return (rows * widestInput + 1) / 2 * Float.BYTES;
  }

  /** {@code target = source * weights + bias}. */
  void multiply(PackedLinear linear, long source, long target, int count) {
    int rows = TilePlan.roundRows(count);
    linear.multiply(
        worker.kernels(), LinearOperands.of(rows, input(linear, source, count), target));
  }

  /** {@code target += scaling(source * weights + bias)}. */
  void multiplyAndAdd(PackedLinear linear, long source, long target, int count, Scaling scaling) {
    int rows = TilePlan.roundRows(count);
    linear.multiply(
        worker.kernels(),
        LinearOperands.adding(rows, input(linear, source, count), target, scaling));
  }

  /**
   * The f32 rows at {@code source} in the element type of the weights.
   *
   * @return address of the rows: {@code source} itself, or a copy that is valid until the next call
   */
  long input(PackedLinear linear, long source, int count) {
    if (linear.type() == MatMulType.F32) {
      return source;
    }
    int rows = TilePlan.roundRows(count);
    rounded.reserve(((long) rows * linear.inputs() + 1) / 2);
    worker.kernels().toBf16(rows, linear.inputs()).run(source, rounded.address());
    return rounded.address();
  }

  @Override
  public void close() {
    rounded.close();
  }
}
