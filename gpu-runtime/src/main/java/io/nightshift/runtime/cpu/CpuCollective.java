package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.parallel.Collective;
import io.nightshift.runtime.parallel.CollectiveAbortedException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Connects ranks in one process through memory: each rank writes its partial outputs of a part of a
 * layer to a buffer of its own, which all others read. A tile of rows is published as soon as it is
 * written.
 *
 * <p>A rank has two buffers, which it uses in turn: for attention and for the feed-forward network
 * of a layer. When it writes to one again, it has seen the others' tiles of the other buffer, and
 * they publish these only when they have read all that they need of the first one.
 *
 * <p>Ranks do not wait for each other in a circle. All have as many workers, and so the same tiles,
 * which workers claim in their order; the exchanges of a tile have the same order on all ranks. So
 * of all exchanges of tiles that workers wait for, one is the first. The rank that has not
 * published it has no worker that waits before it: one computes the tile, or will claim it next.
 */
final class CpuCollective implements Collective {
  private static final int BUFFERS = 2;

  /** About ten microseconds. */
  private static final int SPINS = 400;

  private static final int YIELDS = 100;
  private static final long PARKED_NANOSECONDS = 50_000;

  private final int degree;
  private final int rows;
  private final int hiddenSize;
  private final NativeMemory memory;

  /**
   * For each buffer of each rank, and each row that is the first one of a tile: the number of the
   * last exchange for which the tile has been written.
   */
  private final AtomicLongArray[] published;

  private volatile boolean aborted;

  CpuCollective(ModelConfig model, int degree, int maxStepTokens) {
    this.degree = degree;
    rows = maxStepTokens + Activations.SPARE_ROWS;
    hiddenSize = model.hiddenSize();
    memory =
        NativeMemory.allocate(degree * bytes(model, maxStepTokens), "the ranks' partial outputs");
    published = new AtomicLongArray[degree * BUFFERS];
    for (int i = 0; i < published.length; i++) {
      published[i] = new AtomicLongArray(rows);
    }
  }

  /** Native bytes of one rank. */
  static long bytes(ModelConfig model, int maxStepTokens) {
    return (long) BUFFERS
        * (maxStepTokens + Activations.SPARE_ROWS)
        * model.hiddenSize()
        * Float.BYTES;
  }

  /** Number of ranks. */
  int degree() {
    return degree;
  }

  /**
   * A rank's partial outputs in an exchange, a row of {@code hiddenSize} floats for each row of the
   * step.
   */
  NativeRows rows(int rank, long exchange) {
    long rowBytes = (long) hiddenSize * Float.BYTES;
    return new NativeRows(memory.address() + buffer(rank, exchange) * rows * rowBytes, rowBytes);
  }

  /** Lets the others read a rank's tile that begins with {@code row}. */
  void publish(int rank, long exchange, int row) {
    published[buffer(rank, exchange)].set(row, exchange);
  }

  /**
   * Waits for a rank's tile that begins with {@code row}.
   *
   * @throws CollectiveAbortedException if a rank failed
   */
  void await(int rank, long exchange, int row) {
    AtomicLongArray tiles = published[buffer(rank, exchange)];
    for (int i = 0; tiles.get(row) != exchange; i++) {
      if (aborted) {
        throw new CollectiveAbortedException();
      }
      if (i < SPINS) {
        Thread.onSpinWait();
      } else if (i < SPINS + YIELDS) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(PARKED_NANOSECONDS);
      }
    }
  }

  private static int buffer(int rank, long exchange) {
    return rank * BUFFERS + (int) (exchange % BUFFERS);
  }

  @Override
  public void abort() {
    aborted = true;
  }

  @Override
  public void close() {
    memory.close();
  }
}
