package io.nightshift.runtime.parallel;

import java.util.List;
import java.util.function.Supplier;

/**
 * What a rank knows of its group while it is created, and as long as it lives. All ranks must make
 * the same calls in the same order, each on its own thread: a call returns once every rank has made
 * it.
 */
public final class RankContext {
  private final int rank;
  private final int degree;
  private final Rendezvous rendezvous;

  RankContext(int rank, int degree, Rendezvous rendezvous) {
    this.rank = rank;
    this.degree = degree;
    this.rendezvous = rendezvous;
  }

  /** The rank, from 0 on. */
  public int rank() {
    return rank;
  }

  /** Number of ranks. */
  public int degree() {
    return degree;
  }

  /**
   * The least of the ranks' numbers, such as the KV cache blocks that each has room for.
   *
   * @throws CollectiveAbortedException if another rank failed
   */
  public long minimum(long mine) {
    return exchange(mine).stream().mapToLong(Long::longValue).min().orElse(mine);
  }

  /**
   * Lets the ranks do something one after the other, the first rank first.
   *
   * @throws CollectiveAbortedException if another rank failed
   */
  public <T> T inTurn(Supplier<T> task) {
    for (int turn = 0; turn < rank; turn++) {
      minimum(turn);
    }
    T result = task.get();
    for (int turn = rank; turn < degree; turn++) {
      minimum(turn);
    }
    return result;
  }

  /**
   * The ranks' values in the order of ranks, such as addresses of memory.
   *
   * @throws CollectiveAbortedException if another rank failed
   */
  public <T> List<T> exchange(T mine) {
    return rendezvous.exchange(rank, mine);
  }
}
