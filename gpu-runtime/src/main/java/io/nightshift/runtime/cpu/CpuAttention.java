package io.nightshift.runtime.cpu;

import static io.nightshift.runtime.cpu.AttentionTiling.TILE_TOKENS;

import io.nightshift.runtime.cpu.onednn.MatMul;
import io.nightshift.runtime.cpu.onednn.MatMul.Scaling;
import io.nightshift.runtime.cpu.onednn.MatMul.WeightLayout;
import io.nightshift.runtime.model.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * Attention of some rows of one sequence to its context, for one key and value head and all query
 * heads that share it. Owned by one worker.
 *
 * <p>Keys and values of the context are gathered from their blocks once. Tiles of query rows are
 * then multiplied with them: scores, soft cap, mask, sinks, softmax, weighted values. A long
 * context is read in chunks, whose outputs {@link OnlineSoftmax} puts together.
 */
final class CpuAttention implements AutoCloseable {
  private final Worker worker;
  private final Activations activations;
  private final AttentionTiling tiling;
  private final int group;
  private final int headSize;
  private final Scaling scoreScaling;
  private final GatheredContext gathered;
  private final AttentionMask mask;
  private final OnlineSoftmax onlineSoftmax;
  private final FloatScratch scores = new FloatScratch("attention scores");
  private final FloatScratch output = new FloatScratch("attention output of a tile");
  private final FloatScratch maxima = new FloatScratch("largest scores of a tile");
  private final boolean[] visible = new boolean[TILE_TOKENS];

  CpuAttention(
      Worker worker,
      ModelConfig config,
      CpuKeyValueCache cache,
      Activations activations,
      AttentionTiling tiling) {
    this.worker = worker;
    this.activations = activations;
    this.tiling = tiling;
    group = config.attention().queriesPerKeyValueHead();
    headSize = config.attention().headSize();
    scoreScaling = new Scaling(1, config.attention().softCap());
    gathered = new GatheredContext(cache, worker.copy());
    mask = new AttentionMask(scores, group);
    onlineSoftmax = new OnlineSoftmax(headSize);
    output.reserve(TILE_TOKENS * group * headSize);
    maxima.reserve(2L * TILE_TOKENS * group);
  }

  /** Native bytes for contexts of up to {@code cacheTokens} tokens, oneDNN's copy of keys too. */
  static long bytes(ModelConfig config, long cacheTokens) {
    int group = config.attention().queriesPerKeyValueHead();
    int context = Math.toIntExact(Math.min(cacheTokens, config.maxPositions()));
    int sinks = config.attention().sinks() ? 1 : 0;
    AttentionTiling tiling = AttentionTiling.DEFAULT;
    long columns = tiling.chunkColumns(group, context + sinks);
    long scores = Math.max(tiling.tileScores(), group * columns);
    long output = (long) TILE_TOKENS * group * (config.attention().headSize() + 2);
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
    int rows = task.to() - task.from();
    int all = end - start + sinks;
    int chunk = tiling.chunkColumns(tiling.tileTokens(rows, group, all) * group, all);
    boolean whole = chunk >= all;
    if (!whole) {
      onlineSoftmax.begin(rows * group);
    }
    int first = start - sinks;
    while (first < end) {
      int chunkEnd = Math.min(end, first + chunk);
      int columns = tiling.roundColumns(chunkEnd - first);
      int empty = Math.max(0, start - first);
      gathered.gather(
          heads.layer(), task.head(), task.context(), first + empty, chunkEnd, empty, columns);
      worker.clock().spent(ForwardStage.GATHER);
      computeChunk(heads, task, first, columns, empty > 0 ? heads.sinks() : null, whole);
      worker.clock().spent(ForwardStage.ATTENTION);
      first = chunkEnd;
    }
    if (!whole) {
      writeOutput(task);
      worker.clock().spent(ForwardStage.ATTENTION);
    }
  }

  /**
   * Computes the tiles of a task for the part of the context that is gathered.
   *
   * @param sinks scores of the first column, if that is the sinks'
   * @param whole whether the part is the whole context
   */
  private void computeChunk(
      LayerHeads heads,
      AttentionTask task,
      int firstColumn,
      int columns,
      float @Nullable [] sinks,
      boolean whole) {
    int row = task.from();
    while (row < task.to()) {
      int tokens = Math.min(task.to() - row, TILE_TOKENS);
      int tile = tiling.tileTokens(tokens, group, columns);
      int tileEnd = Math.min(row + tile, task.to());
      // Later columns are masked for every token of the tile.
      int needed = task.contextIndex(tileEnd - 1) + 1 - firstColumn;
      if (needed > 0) {
        int tileColumns = Math.min(columns, tiling.roundColumns(needed));
        computeTile(
            heads, task, row, tileEnd, tile * group, firstColumn, tileColumns, sinks, whole);
      }
      row = tileEnd;
    }
  }

  private void computeTile(
      LayerHeads heads,
      AttentionTask task,
      int from,
      int to,
      int scoreRows,
      int firstColumn,
      int columns,
      float @Nullable [] sinks,
      boolean whole) {
    scores.reserve((long) scoreRows * columns);
    multiplyKeys(scoreRows, columns, activations.queries(task.head(), from));
    for (int row = from; row < to; row++) {
      int scoreRow = (row - from) * group;
      visible[row - from] = mask.apply(heads.window(), task, row, scoreRow, firstColumn, columns);
      if (sinks != null) {
        writeSinks(sinks, task.head() * group, scoreRow, columns);
        visible[row - from] = true;
      }
    }
    if (!whole) {
      findMaxima(scoreRows, columns, 0);
    }
    worker.kernels().softmax(scoreRows, columns).run(scores.address(), scores.address());
    if (!whole) {
      findMaxima(scoreRows, columns, scoreRows);
    }
    multiplyValues(scoreRows, columns);
    if (whole) {
      copyOutput(task, from, to);
    } else {
      addOutput(task, from, to, scoreRows);
    }
  }

  /** Finds the largest element of each row of scores, before softmax and after it. */
  private void findMaxima(int rows, int columns, int at) {
    long target = maxima.address() + (long) at * Float.BYTES;
    worker.kernels().rowMaximum(rows, columns).run(scores.address(), target);
  }

  private void addOutput(AttentionTask task, int from, int to, int scoreRows) {
    for (int row = from; row < to; row++) {
      // The softmax of a row that is masked throughout is NaN.
      for (int i = 0; visible[row - from] && i < group; i++) {
        int scoreRow = (row - from) * group + i;
        onlineSoftmax.add(
            (row - task.from()) * group + i,
            maxima.buffer().get(scoreRow),
            maxima.buffer().get(scoreRows + scoreRow),
            output.buffer(),
            scoreRow);
      }
    }
  }

  private void writeOutput(AttentionTask task) {
    for (int from = task.from(); from < task.to(); from += TILE_TOKENS) {
      int to = Math.min(task.to(), from + TILE_TOKENS);
      onlineSoftmax.write((from - task.from()) * group, (to - from) * group, output.buffer());
      copyOutput(task, from, to);
    }
  }

  private void copyOutput(AttentionTask task, int from, int to) {
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
    maxima.close();
  }
}
