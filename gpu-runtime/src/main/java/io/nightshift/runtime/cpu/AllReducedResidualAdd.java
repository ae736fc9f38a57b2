package io.nightshift.runtime.cpu;

/**
 * Adds the sum of the outputs of all ranks (all-reduce). Every rank sums them in the order of
 * ranks, so that all have the same residual stream, bit by bit, and for instance route tokens to
 * the same experts.
 */
final class AllReducedResidualAdd implements ResidualAdd {
  private final Worker worker;
  private final PackedGemm gemm;
  private final RankExchange exchange;
  private final int part;
  private final FloatScratch sum;
  private final ResidualAdd add;

  /**
   * @param part of the step ({@link RankExchange#attention}, {@link RankExchange#feedForward})
   * @param sum scratch memory for the rows of a tile
   * @param add adds the sums
   */
  AllReducedResidualAdd(
      Worker worker,
      PackedGemm gemm,
      RankExchange exchange,
      int part,
      FloatScratch sum,
      ResidualAdd add) {
    this.worker = worker;
    this.gemm = gemm;
    this.exchange = exchange;
    this.part = part;
    this.sum = sum;
    this.add = add;
  }

  @Override
  public void multiplyAndAdd(
      PackedLinear linear, long source, NativeRows residual, int from, int count) {
    PackedLinear share = exchange.rank() == 0 ? linear : linear.withoutBias();
    gemm.multiply(share, source, partial(exchange.rank(), from), count);
    reduceAndAdd(residual, from, count);
  }

  @Override
  public void add(long output, NativeRows residual, int from, int count) {
    worker.copy().copy(output, partial(exchange.rank(), from), count * residual.rowBytes());
    reduceAndAdd(residual, from, count);
  }

  private void reduceAndAdd(NativeRows residual, int from, int count) {
    exchange.exchange(part, from);
    int rows = TilePlan.roundRows(count);
    int hiddenSize = (int) (residual.rowBytes() / Float.BYTES);
    sum.reserve((long) rows * hiddenSize);
    long total = partial(0, from);
    for (int rank = 1; rank < exchange.degree(); rank++) {
      worker.kernels().add(rows, hiddenSize).run(total, partial(rank, from), sum.address());
      total = sum.address();
    }
    add.add(total, residual, from, count);
  }

  private long partial(int rank, int row) {
    return exchange.rows(rank, part).row(row);
  }
}
