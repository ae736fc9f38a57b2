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
  private final LinearInput input;

  PackedGemm(Worker worker) {
    this.worker = worker;
    input = new LinearInput(worker.kernels());
  }

  /**
   * Native bytes for tiles of {@code rows} rows, with a slice of quantized weights that oneDNN
   * unpacked.
   */
  static long bytes(ModelConfig config, int rows) {
    int widest = widestInput(config);
    long unpacked = PackedLinear.largestSlice(widest) * Float.BYTES;
    return ((long) rows * widest + 1) / 2 * Float.BYTES
        + LinearInput.bytes(rows, widest)
        + unpacked;
  }

  /** Elements of the widest input row of all linear layers. */
  static int widestInput(ModelConfig config) {
    return Math.max(
        CpuGatedLinearUnit.widest(config),
        Math.max(config.hiddenSize(), config.attention().queryWidth()));
  }

  /** {@code target = source * weights + bias}. */
  void multiply(PackedLinear linear, long source, long target, int count) {
    linear.multiply(worker.kernels(), LinearOperands.of(input(linear, source, count), target));
  }

  /** {@code target += scaling(source * weights + bias)}. */
  void multiplyAndAdd(PackedLinear linear, long source, long target, int count, Scaling scaling) {
    linear.multiply(
        worker.kernels(), LinearOperands.adding(input(linear, source, count), target, scaling));
  }

  /**
   * The f32 rows at {@code source} in the element type of the weights.
   *
   * @return the rows themselves, or a copy; valid until the next call
   */
  LinearInput input(PackedLinear linear, long source, int count) {
    int rows = TilePlan.roundRows(count);
    if (linear.type() == MatMulType.F32) {
      return input.set(MatMulType.F32, source, rows, linear.inputs());
    }
    rounded.reserve(((long) rows * linear.inputs() + 1) / 2);
    worker.kernels().toBf16(rows, linear.inputs()).run(source, rounded.address());
    return input.set(MatMulType.BF16, rounded.address(), rows, linear.inputs());
  }

  @Override
  public void close() {
    rounded.close();
    input.close();
  }
}
