package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.MatMul.Scaling;
import io.nightshift.runtime.model.ModelConfig;

/**
 * GEMMs of f32 rows and packed weights. If the weights are bf16, the rows are rounded to bf16
 * first. Owned by one worker.
 */
final class PackedGemm implements AutoCloseable {
  private final Worker worker;
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
    return LinearInput.bytes(rows, widest) + unpacked;
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
   * @return valid until the next call
   */
  LinearInput input(PackedLinear linear, long source, int count) {
    return input.set(linear.type(), source, TilePlan.roundRows(count), linear.inputs());
  }

  @Override
  public void close() {
    input.close();
  }
}
