package io.nightshift.runtime.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Division of rows into tiles, which workers claim one after another. Large tiles come first,
 * because GEMMs run faster on them. Small tiles come last, so that no worker waits long for
 * another's last tile (guided self-scheduling, Polychronopoulos and Kuck, 1987).
 */
final class TilePlan {
  /** Maximum number of rows per tile; the fastest of 32 to 256 on AVX2. */
  static final int MAX_ROWS = 128;

  /**
   * Rows of the last tiles of a long plan. Sizes between the two are powers of two, so that few
   * kernels are needed.
   */
  private static final int LAST_ROWS = 32;

  private final int[] starts;

  /** Divides {@code rows} rows among {@code workers} workers. */
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

  /**
   * Rounds up to a multiple of four, the sizes that kernels are created for. Buffers have room for
   * the additional rows, whose results are unused.
   */
  static int roundRows(int rows) {
    return (rows + 3) / 4 * 4;
  }

  private static int nextRows(int rows, int remaining, int workers) {
    if (rows <= workers * MAX_ROWS) {
      return roundRows((rows + workers - 1) / workers);
    }
    int share = Integer.highestOneBit(Math.max(1, remaining / workers));
    return Math.max(LAST_ROWS, Math.min(MAX_ROWS, share));
  }

  /** Rows of the largest tile of a plan for {@code rows} rows, rounded up. */
  static int largest(int rows) {
    return roundRows(Math.min(rows, MAX_ROWS));
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

  /**
   * Claims tiles and runs {@code operation} on them until none is left.
   *
   * @param nextTile the next tile to claim, shared by the workers
   */
  void forEachUnclaimed(AtomicInteger nextTile, TileOperation operation) {
    for (int tile = nextTile.getAndIncrement(); tile < count(); tile = nextTile.getAndIncrement()) {
      operation.run(start(tile), rows(tile));
    }
  }
}
