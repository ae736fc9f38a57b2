package io.nightshift.runtime.cpu;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;

/**
 * One rank's access to a {@link CpuCollective}. Exchanges are numbered, so that all ranks mean the
 * same one: two for each layer of each step, attention's before that of the feed-forward network.
 */
final class RankExchange {
  private final CpuCollective collective;
  private final int rank;
  private final int parts;

  /** Steps that have begun. From 1 on, since tiles that were never published have the number 0. */
  private long step;

  RankExchange(CpuCollective collective, int rank, int layers) {
    this.collective = collective;
    this.rank = rank;
    parts = 2 * layers;
  }

  /** Native bytes for one rank: its partial outputs, and the sums of each worker. */
  static long bytes(ModelConfig config, EngineConfig options) {
    long tile = TilePlan.largest(options.maxStepTokens());
    return CpuCollective.bytes(config, options.maxStepTokens())
        + options.threads() * tile * config.hiddenSize() * Float.BYTES;
  }

  /** Number of a layer's attention among the parts of a step. */
  static int attention(int layer) {
    return 2 * layer;
  }

  /** Number of a layer's feed-forward network among the parts of a step. */
  static int feedForward(int layer) {
    return 2 * layer + 1;
  }

  int rank() {
    return rank;
  }

  int degree() {
    return collective.degree();
  }

  /** Begins a step; called before its workers start. */
  void beginStep() {
    step++;
  }

  /** Partial outputs of a rank for a part of the step. */
  NativeRows rows(int ofRank, int part) {
    return collective.rows(ofRank, exchange(part));
  }

  /**
   * Publishes this rank's tile that begins with {@code row}, and waits for those of the others.
   *
   * @throws io.nightshift.runtime.parallel.CollectiveAbortedException if another rank failed
   */
  void exchange(int part, int row) {
    long exchange = exchange(part);
    collective.publish(rank, exchange, row);
    for (int other = 0; other < degree(); other++) {
      collective.await(other, exchange, row);
    }
  }

  private long exchange(int part) {
    return step * parts + part;
  }

  /** Releases all ranks that wait for this one, or will, with an error: a worker failed. */
  void abort() {
    collective.abort();
  }
}
