package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ModelConfig;

/** Query, key and value projections of a tile. Owned by one worker. */
final class QkvProjection implements AutoCloseable {
  private final Worker worker;
  private final PackedGemm gemm;
  private final FloatScratch projected = new FloatScratch("queries, keys and values of a tile");

  QkvProjection(Worker worker, PackedGemm gemm) {
    this.worker = worker;
    this.gemm = gemm;
  }

  /** Native bytes for tiles of {@code rows} rows. */
  static long bytes(ModelConfig config, int rows) {
    return (long) rows * width(config) * Float.BYTES;
  }

  /** Elements of the wider one of a row of queries and a row of keys and values. */
  static int width(ModelConfig config) {
    return Math.max(config.attention().queryWidth(), 2 * config.attention().keyWidth());
  }

  /**
   * Projects {@code count} rows.
   *
   * @param linear weights of the queries, or of the keys and values
   * @param normed address of the rows after the norm
   * @return rows of {@code linear.outputs()} elements, valid until the next call
   */
  FloatScratch apply(PackedLinear linear, long normed, int count) {
    projected.reserve((long) TilePlan.roundRows(count) * linear.outputs());
    gemm.multiply(linear, normed, projected.address(), count);
    worker.clock().spent(ForwardStage.QUERY_KEY_VALUE);
    return projected;
  }

  @Override
  public void close() {
    projected.close();
  }
}
