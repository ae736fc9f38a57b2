package io.nightshift.runtime.cpu;

/**
 * How attention's scores are divided so that those of a tile stay in the second-level cache: query
 * tokens into tiles, and a long context into chunks.
 *
 * @param tileTokens query tokens of a tile, a power of two
 * @param chunkColumns context tokens of a chunk
 */
record AttentionTiling(int tileTokens, int chunkColumns) {
  /** Maximum number of query tokens per tile, a power of two. */
  static final int TILE_TOKENS = 32;

  /** Maximum number of scores per tile. */
  static final int TILE_SCORES = 96 * 1024;

  /** Context tokens for which tiles stay high: a chunk should have at least as many. */
  private static final int LONG_CHUNK = 1024;

  /** A multiple of all units that numbers of columns are rounded to. */
  private static final int CHUNK_UNIT = 512;

  /**
   * Divides the attention of some tokens.
   *
   * @param tokens query tokens
   * @param group query heads that share a key and value head: rows of scores for each token
   * @param columns context tokens
   */
  static AttentionTiling of(int tokens, int group, int columns) {
    int rounded = roundColumns(columns);
    int tile = 1;
    while (tile < Math.min(tokens, TILE_TOKENS)
        && 2L * tile * group * Math.min(rounded, LONG_CHUNK) <= TILE_SCORES) {
      tile *= 2;
    }
    return new AttentionTiling(tile, chunkColumns((long) tile * group, rounded));
  }

  private static int chunkColumns(long scoreRows, int columns) {
    if (scoreRows * columns <= TILE_SCORES) {
      return columns;
    }
    long chunk = TILE_SCORES / scoreRows / CHUNK_UNIT * CHUNK_UNIT;
    return (int) Math.min(columns, Math.max(CHUNK_UNIT, chunk));
  }

  /** The most context tokens that are read at once, for contexts of up to {@code context} tokens. */
  static int mostColumns(int group, int context) {
    return of(1, group, context).chunkColumns();
  }

  /** Rounds up, so that few kernel shapes serve all context lengths. */
  static int roundColumns(int columns) {
    int unit = columns <= 512 ? 32 : columns <= 2048 ? 128 : CHUNK_UNIT;
    return (columns + unit - 1) / unit * unit;
  }
}
