package io.nightshift.runtime.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Rows cut into tiles that workers claim one after the other: large ones first, since products run
 * faster on them, small ones last, so that no worker waits long for another's last tile (guided
 * self-scheduling, Polychronopoulos and Kuck, 1987).
 */
final class TilePlan {
  /** Rows of a tile at most; measured best of 32 to 256 on AVX2. */
  static final int MAX_ROWS = 128;

  /**
   * Rows of the tiles at the end of a long plan. Sizes between are powers of two, for few kernels.
   */
  private static final int LAST_ROWS = 32;

  private final int[] starts;

  /** Plans {@code rows} rows for {@code workers} workers. */
  TilePlan(int rows, int workers) {
    List<Integer> bounds = new ArrayList<>();
    bounds.add(0);
    int from = 0;
    while (from < rows) {
      from = Math.min(rows, from + nextRows(rows, rows - from, workers));
      bounds.add(from);
    }
    starts = bounds.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int nextRows(int rows, int remaining, int workers) {
    if (rows <= workers * MAX_ROWS) {
      return Worker.roundRows((rows + workers - 1) / workers);
    }
    int share = Integer.highestOneBit(Math.max(1, remaining / workers));
    return Math.max(LAST_ROWS, Math.min(MAX_ROWS, share));
  }

  /** Rows of the largest tile of a plan of so many rows, rounded as kernels are. */
  static int largest(int rows) {
    return Worker.roundRows(Math.min(rows, MAX_ROWS));
  }

  int count() {
    return starts.length - 1;
  }

  /** First row of a tile. */
  int start(int tile) {
    return starts[tile];
  }

  /** Rows of a tile. */
  int rows(int tile) {
    return starts[tile + 1] - starts[tile];
  }

  /** What is done with a tile. */
  interface TileJob {
    void run(int from, int count);
  }

  /** Does the tiles that nobody has claimed yet, until none is left. */
  void forEachUnclaimed(AtomicInteger claim, TileJob job) {
    for (int tile = claim.getAndIncrement(); tile < count(); tile = claim.getAndIncrement()) {
      job.run(start(tile), rows(tile));
    }
  }
}
