package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.MatMul;
import io.nightshift.runtime.cpu.onednn.MatMul.Scaling;
import io.nightshift.runtime.cpu.onednn.MatMul.WeightLayout;
import io.nightshift.runtime.model.ModelConfig;

/**
 * Attention of some rows of one sequence to its context, for one key and value head and all query
 * heads that share it. Owned by one worker.
 *
 * <p>Keys and values of the context are gathered from their blocks once. Tiles of query rows are
 * then multiplied with them: scores, soft cap, mask, sinks, softmax, weighted values.
 */
final class CpuAttention implements AutoCloseable {
  /** Maximum number of query tokens per tile, a power of two. */
  private static final int TILE_TOKENS = 32;

  /** Maximum number of scores per tile, so that they stay in the second-level cache. */
  private static final int TILE_SCORES = 96 * 1024;

  private final Worker worker;
  private final Activations activations;
  private final int group;
  private final int headSize;
  private final Scaling scoreScaling;
  private final GatheredContext gathered;
  private final AttentionMask mask;
  private final FloatScratch scores = new FloatScratch("attention scores");
  private final FloatScratch output = new FloatScratch("attention output of a tile");

  CpuAttention(Worker worker, ModelConfig config, CpuKeyValueCache cache, Activations activations) {
    this.worker = worker;
    this.activations = activations;
    group = config.attention().queriesPerKeyValueHead();
    headSize = config.attention().headSize();
    scoreScaling = new Scaling(1, config.attention().softCap());
    gathered = new GatheredContext(cache, worker.copy());
    mask = new AttentionMask(scores, group);
    output.reserve(TILE_TOKENS * group * headSize);
  }

  /** Native bytes for contexts of up to {@code cacheTokens} tokens, oneDNN's copy of keys too. */
  static long bytes(ModelConfig config, long cacheTokens) {
    int group = config.attention().queriesPerKeyValueHead();
    int context = Math.toIntExact(Math.min(cacheTokens, config.maxPositions()));
    long columns = roundColumns(context + (config.attention().sinks() ? 1 : 0));
    long scores = Math.max(TILE_SCORES, group * columns);
    long output = (long) TILE_TOKENS * group * config.attention().headSize();
    return (3 * columns * config.attention().headSize() + scores + output) * Float.BYTES;
  }

  /** Computes the attention output of a task's rows from their queries, both in the activations. */
  void compute(LayerHeads heads, AttentionTask task) {
    int lowest = task.lowestPosition();
    int window = heads.window();
    int start = window > lowest ? 0 : lowest - window + 1;
    int end = task.contextIndex(task.to() - 1) + 1;
    // Sinks are scores of a first column, whose values are zero.
    int sinks = heads.sinks() == null ? 0 : 1;
    int firstColumn = start - sinks;
    int columns = roundColumns(end - firstColumn);
    gathered.gather(heads.layer(), task.head(), task.context(), start, end, sinks, columns);
    worker.clock().spent(ForwardStage.GATHER);
    int row = task.from();
    while (row < task.to()) {
      int tile = tileTokens(Math.min(task.to() - row, TILE_TOKENS), columns);
      int tileEnd = Math.min(row + tile, task.to());
      // Later columns are masked for every token of the tile.
      int tileColumns = roundColumns(task.contextIndex(tileEnd - 1) + 1 - firstColumn);
      computeTile(heads, task, row, tileEnd, tile * group, firstColumn, tileColumns);
      row = tileEnd;
    }
    worker.clock().spent(ForwardStage.ATTENTION);
  }

  private void computeTile(
      LayerHeads heads,
      AttentionTask task,
      int from,
      int to,
      int scoreRows,
      int firstColumn,
      int columns) {
    scores.reserve((long) scoreRows * columns);
    multiplyKeys(scoreRows, columns, activations.queries(task.head(), from));
    for (int row = from; row < to; row++) {
      int scoreRow = (row - from) * group;
      mask.apply(heads.window(), task, row, scoreRow, firstColumn, columns);
      if (heads.sinks() != null) {
        writeSinks(heads.sinks(), task.head() * group, scoreRow, columns);
      }
    }
    worker.kernels().softmax(scoreRows, columns).run(scores.address(), scores.address());
    multiplyValues(scoreRows, columns);
    long rowBytes = activations.groupBytes();
    for (int row = from; row < to; row++) {
      worker
          .copy()
          .copy(
              output.address() + (row - from) * rowBytes,
              activations.attention().row(row) + task.head() * rowBytes,
              rowBytes);
    }
  }

  private void writeSinks(float[] sinks, int firstHead, int firstRow, int columns) {
    for (int i = 0; i < group; i++) {
      scores.buffer().put((firstRow + i) * columns, sinks[firstHead + i]);
    }
  }

  /** The number of query tokens of a tile: at most {@code wanted}, limited by the scores' size. */
  private int tileTokens(int wanted, int columns) {
    int tile = 1;
    while (tile < wanted && 2L * tile * group * columns <= TILE_SCORES) {
      tile *= 2;
    }
    return tile;
  }

  /** Rounds up, so that few kernel shapes serve all context lengths. */
  private static int roundColumns(int columns) {
    int unit = columns <= 512 ? 32 : columns <= 2048 ? 128 : 512;
    return (columns + unit - 1) / unit * unit;
  }

  private void multiplyKeys(int rows, int columns, long queries) {
    worker
        .kernels()
        .matMul(MatMul.dense(rows, headSize, columns, WeightLayout.TRANSPOSED, scoreScaling))
        .run(queries, gathered.keys(), scores.address());
  }

  private void multiplyValues(int rows, int columns) {
    worker
        .kernels()
        .matMul(MatMul.dense(rows, columns, headSize, WeightLayout.PLAIN, Scaling.NONE))
        .run(scores.address(), gathered.values(), output.address());
  }

  @Override
  public void close() {
    gathered.close();
    scores.close();
    output.close();
  }
}
