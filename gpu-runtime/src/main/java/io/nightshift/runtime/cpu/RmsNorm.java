package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ModelConfig;

/** Root mean square norm of hidden states (Zhang and Sennrich, 2019). Owned by one worker. */
final class RmsNorm implements AutoCloseable {
  private final Worker worker;
  private final int hiddenSize;
  private final float epsilon;
  private final FloatScratch normed = new FloatScratch("normed rows of a tile");

  RmsNorm(Worker worker, ModelConfig config) {
    this.worker = worker;
    hiddenSize = config.hiddenSize();
    epsilon = config.normEpsilon();
  }

  /** Native bytes for tiles of {@code rows} rows. */
  static long bytes(ModelConfig config, int rows) {
    return (long) rows * config.hiddenSize() * Float.BYTES;
  }

  /**
   * Norms {@code count} rows.
   *
   * @param weights address of the norm's {@code hiddenSize} weights
   * @param source address of dense f32 rows of {@code hiddenSize} elements
   * @return address of the normed rows, valid until the next call
   */
  long apply(long weights, long source, int count) {
    normed.reserve((long) TilePlan.roundRows(count) * hiddenSize);
    apply(weights, source, normed.address(), count);
    return normed.address();
  }

  /** Norms {@code count} rows into {@code target}. */
  void apply(long weights, long source, long target, int count) {
    worker
        .kernels()
        .rmsNorm(TilePlan.roundRows(count), hiddenSize, epsilon)
        .run(source, weights, target);
    worker.clock().spent(ForwardStage.NORM);
  }

  @Override
  public void close() {
    normed.close();
  }
}
