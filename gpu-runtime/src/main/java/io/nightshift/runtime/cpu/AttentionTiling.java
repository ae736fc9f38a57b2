package io.nightshift.runtime.cpu;

/**
 * How attention's scores are divided so that those of a tile stay in the second-level cache: query
 * tokens into tiles, and a long context into chunks.
 *
 * @param tileScores maximum number of scores per tile; a tile of a single token may have more
 * @param longChunk context tokens for which tiles stay high: a chunk should have at least as many
 * @param unit of a chunk's context tokens, a multiple of all units that {@link #roundColumns} uses
 */
record AttentionTiling(int tileScores, int longChunk, int unit) {
  /** Maximum number of query tokens per tile, a power of two. */
  static final int TILE_TOKENS = 32;

  /** What the runner uses. */
  static final AttentionTiling DEFAULT = new AttentionTiling(96 * 1024, 1024, 512);

  /**
   * Number of query tokens of a tile, a power of two.
   *
   * @param tokens query tokens that there are
   * @param group query heads that share a key and value head: rows of scores for each token
   * @param columns context tokens
   */
  int tileTokens(int tokens, int group, int columns) {
    int high = Math.min(roundColumns(columns), longChunk);
    int tile = 1;
    while (tile < Math.min(tokens, TILE_TOKENS) && 2L * tile * group * high <= tileScores) {
      tile *= 2;
    }
    return tile;
  }

  /**
   * Number of context tokens that are read at once, at most {@link #roundColumns} of all.
   *
   * @param scoreRows rows of scores of a tile
   * @param columns context tokens
   */
  int chunkColumns(int scoreRows, int columns) {
    int all = roundColumns(columns);
    if ((long) scoreRows * all <= tileScores) {
      return all;
    }
    return Math.min(all, Math.max(unit, tileScores / scoreRows / unit * unit));
  }

  /** Rounds up, so that few kernel shapes serve all context lengths. */
  int roundColumns(int columns) {
    int to = columns <= 512 ? 32 : columns <= 2048 ? 128 : unit;
    return (columns + to - 1) / to * to;
  }
}
