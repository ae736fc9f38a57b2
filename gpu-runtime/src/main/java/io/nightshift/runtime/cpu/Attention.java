package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.ElementType;
import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MatMul;
import io.nightshift.runtime.cpu.onednn.MatMul.PostOperation;
import io.nightshift.runtime.cpu.onednn.MatMul.Weights;
import io.nightshift.runtime.cpu.onednn.MemoryCopy;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.runner.TokenRows;
import java.util.Arrays;

/**
 * Attention of some rows of one sequence to its context, for one key and value head and all the
 * query heads that share it. Owned by one thread.
 *
 * <p>The context's keys and values are gathered from their blocks once, then tiles of query rows
 * are multiplied with them: scores, mask, softmax, weighted values. Only slots that the sequence's
 * context covers are read: what else lies in its blocks may be anything, NaN included.
 */
final class Attention implements AutoCloseable {
  /** Query tokens of a tile at most, a power of two. */
  private static final int TILE_TOKENS = 32;

  /** Floats of a tile's scores at most, for the second-level cache's sake. */
  private static final int TILE_SCORES = 96 * 1024;

  private final KernelCache kernels;
  private final MemoryCopy copy;
  private final StageClock clock;
  private final CpuKvCache cache;
  private final int group;
  private final int headSize;
  private final int window;
  private final FloatScratch keys = new FloatScratch("gathered keys");
  private final FloatScratch values = new FloatScratch("gathered values");
  private final FloatScratch scores = new FloatScratch("attention scores");
  private final FloatScratch output = new FloatScratch("attention output of a tile");
  private float[] masked = new float[0];

  Attention(
      ModelConfig config,
      CpuKvCache cache,
      KernelCache kernels,
      MemoryCopy copy,
      StageClock clock) {
    this.kernels = kernels;
    this.copy = copy;
    this.clock = clock;
    this.cache = cache;
    group = config.queryHeadsPerKeyValueHead();
    headSize = config.headSize();
    window = config.slidingWindow() > 0 ? config.slidingWindow() : Integer.MAX_VALUE;
    output.reserve(TILE_TOKENS * group * headSize);
  }

  /** Native bytes for contexts of up to {@code cacheTokens} tokens, oneDNN's copy of keys too. */
  static long bytes(ModelConfig config, long cacheTokens) {
    int group = config.queryHeadsPerKeyValueHead();
    long columns = roundColumns(Math.toIntExact(Math.min(cacheTokens, config.maxPositions())));
    long scores = Math.max(TILE_SCORES, group * columns);
    long output = (long) TILE_TOKENS * group * config.headSize();
    return (3 * columns * config.headSize() + scores + output) * Float.BYTES;
  }

  /**
   * Computes rows {@code from} to {@code to} of one sequence.
   *
   * @param queries address of the first row's queries: rows of {@code group * headSize} floats
   * @param target address of the first row's output for this head's group
   * @param targetStride bytes from one output row to the next
   */
  void compute(
      int layer,
      int head,
      ForwardBatch batch,
      TokenRows rows,
      int sequence,
      int from,
      int to,
      long queries,
      long target,
      long targetStride) {
    StepSequence context = batch.sequences().get(sequence);
    int last = contextIndex(batch, rows, sequence, to - 1, context);
    int lowest = batch.position(rows.tokens()[from]);
    for (int row = from + 1; row < to; row++) {
      lowest = Math.min(lowest, batch.position(rows.tokens()[row]));
    }
    int start = window > lowest ? 0 : lowest - window + 1;
    int columns = roundColumns(last + 1 - start);
    gather(layer, head, context, start, last + 1, columns);
    clock.spent(ForwardStage.GATHER);
    int row = from;
    while (row < to) {
      int tile = tileTokens(Math.min(to - row, TILE_TOKENS), columns);
      int end = Math.min(row + tile, to);
      int tileLast = contextIndex(batch, rows, sequence, end - 1, context);
      int tileColumns = roundColumns(tileLast + 1 - start);
      long rowBytes = (long) group * headSize * Float.BYTES;
      scores.reserve((long) tile * group * tileColumns);
      multiplyKeys(tile * group, tileColumns, queries + (row - from) * rowBytes);
      for (int r = row; r < end; r++) {
        int token = rows.tokens()[r] - batch.firstToken(sequence);
        int position = batch.position(rows.tokens()[r]);
        mask((r - row) * group, tileColumns, start, context, token, position);
      }
      kernels.softmax(tile * group, tileColumns).run(scores.address(), scores.address());
      multiplyValues(tile * group, tileColumns);
      for (int r = row; r < end; r++) {
        copy.copy(
            output.address() + (r - row) * rowBytes, target + (r - from) * targetStride, rowBytes);
      }
      row = end;
    }
    clock.spent(ForwardStage.ATTENTION);
  }

  private static int contextIndex(
      ForwardBatch batch, TokenRows rows, int sequence, int row, StepSequence context) {
    return context.contextLength()
        - context.tokens().length
        + rows.tokens()[row]
        - batch.firstToken(sequence);
  }

  /** Query tokens of a tile: enough for {@code wanted}, few enough for the scores to stay small. */
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

  private void gather(int layer, int head, StepSequence context, int start, int end, int columns) {
    int blockSize = cache.blockSize();
    long bytes = cache.headBytes();
    keys.reserve((long) columns * headSize);
    values.reserve((long) columns * headSize);
    int slot = start;
    while (slot < end) {
      int offset = slot % blockSize;
      int count = Math.min(blockSize - offset, end - slot);
      int block = context.blocks()[slot / blockSize];
      long to = (slot - start) * bytes;
      copy.copy(
          cache.keys(layer, block, head) + offset * bytes, keys.address() + to, count * bytes);
      copy.copy(
          cache.values(layer, block, head) + offset * bytes, values.address() + to, count * bytes);
      slot += count;
    }
    // Masked columns have weight 0, but 0 times NaN would be NaN.
    copy.clear(values.address() + (end - start) * bytes, (columns - (end - start)) * bytes);
  }

  private void multiplyKeys(int rows, int columns, long queries) {
    kernels
        .matMul(
            new MatMul(
                rows,
                headSize,
                columns,
                headSize,
                Weights.TRANSPOSED,
                headSize,
                columns,
                ElementType.F32,
                false,
                PostOperation.NONE))
        .run(queries, keys.address(), scores.address());
  }

  private void multiplyValues(int rows, int columns) {
    kernels
        .matMul(
            new MatMul(
                rows,
                columns,
                headSize,
                columns,
                Weights.PLAIN,
                headSize,
                headSize,
                ElementType.F32,
                false,
                PostOperation.NONE))
        .run(scores.address(), values.address(), output.address());
  }

  /** Puts minus infinity wherever the token must not look. */
  private void mask(
      int firstRow, int columns, int start, StepSequence context, int token, int position) {
    int length = context.tokens().length;
    int treeStart = length - context.treeSize();
    int contextStart = context.contextLength() - length;
    int hidden = window > position ? 0 : Math.max(0, position - window + 1 - start);
    int[] parents = context.treeParents();
    for (int row = firstRow; row < firstRow + group; row++) {
      int base = row * columns;
      if (parents != null && token >= treeStart) {
        int treeColumn = contextStart + treeStart - start;
        maskTree(base + treeColumn, columns - treeColumn, parents, token - treeStart);
      } else {
        int visible = contextStart + token + 1 - start;
        fill(base + visible, columns - visible);
      }
      fill(base, hidden);
    }
  }

  /**
   * Masks all but a node and its ancestors, as many as the window reaches, in the columns of the
   * tree and behind it.
   */
  private void maskTree(int base, int columns, int[] parents, int node) {
    int end = columns;
    int visible = 0;
    for (int n = node; n >= 0 && visible < window; n = parents[n]) {
      fill(base + n + 1, end - n - 1);
      end = n;
      visible++;
    }
    fill(base, end);
  }

  private void fill(int index, int count) {
    if (masked.length < count) {
      masked = new float[Math.max(count, 512)];
      Arrays.fill(masked, Float.NEGATIVE_INFINITY);
    }
    scores.buffer().put(index, masked, 0, count);
  }

  @Override
  public void close() {
    keys.close();
    values.close();
    scores.close();
    output.close();
  }
}
