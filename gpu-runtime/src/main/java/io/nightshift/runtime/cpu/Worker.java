package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.ElementType;
import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MatMul.PostOperation;
import io.nightshift.runtime.cpu.onednn.MemoryCopy;
import io.nightshift.runtime.cpu.onednn.OneDnn;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.TokenRows;
import org.jspecify.annotations.Nullable;

/** One thread's kernels and working memory, and what it does to a tile of rows. */
final class Worker implements AutoCloseable {
  /** oneDNN's working memory for products with packed weights: measured, with room. */
  private static final long KERNEL_BYTES = 1 << 20;

  private final ModelConfig config;
  private final ModelWeights weights;
  private final CpuKvCache cache;
  private final Activations activations;
  private final RotaryTable rotary;
  private final KernelCache kernels;
  private final MemoryCopy copy = new MemoryCopy();
  private final StageClock clock = new StageClock();
  private final Attention attention;
  private final FloatScratch normed = new FloatScratch("normed rows of a tile");
  private final FloatScratch projected = new FloatScratch("queries, keys and values of a tile");
  private final FloatScratch gate = new FloatScratch("gates of a tile");
  private final FloatScratch up = new FloatScratch("feed-forward activations of a tile");
  private final FloatScratch rounded = new FloatScratch("bf16 rows of a tile");
  private final FloatScratch rotated;
  private final float[] hiddenRow;
  private final float[] row;
  private final float[] rotatedRow;
  private final float scale;

  Worker(
      OneDnn library,
      ModelConfig config,
      ModelWeights weights,
      CpuKvCache cache,
      Activations activations,
      RotaryTable rotary) {
    this.config = config;
    this.weights = weights;
    this.cache = cache;
    this.activations = activations;
    this.rotary = rotary;
    kernels = new KernelCache(library);
    attention = new Attention(config, cache, kernels, copy, clock);
    int widest = Math.max(config.attentionHeads(), 2 * config.keyValueHeads()) * config.headSize();
    hiddenRow = new float[config.hiddenSize()];
    row = new float[widest];
    rotatedRow = new float[widest];
    rotated = new FloatScratch("a rotated row").reserve(widest);
    scale = (float) (1 / Math.sqrt(config.headSize()));
  }

  /** Native bytes of one worker, oneDNN's working memory included. */
  static long bytes(ModelConfig config, CpuRunnerOptions options) {
    int rows = TilePlan.largest(options.maxStepTokens());
    int heads = Math.max(config.attentionHeads(), 2 * config.keyValueHeads());
    long projected = Math.max((long) heads * config.headSize(), config.hiddenSize());
    long widest = Math.max(config.intermediateSize(), projected);
    long tile = config.hiddenSize() + projected + 2L * config.intermediateSize() + widest / 2;
    return KERNEL_BYTES
        + (rows * tile + projected) * Float.BYTES
        + Attention.bytes(config, options.kvCacheTokens());
  }

  KernelCache kernels() {
    return kernels;
  }

  MemoryCopy copy() {
    return copy;
  }

  StageClock clock() {
    return clock;
  }

  Attention attention() {
    return attention;
  }

  /** Kernels come for multiples of four rows; the rows behind a tile are there, and unused. */
  static int roundRows(int rows) {
    return (rows + 3) / 4 * 4;
  }

  /** Puts the embeddings of a tile's tokens into the residual stream. */
  void embed(ForwardBatch batch, int from, int count) {
    for (int r = from; r < from + count; r++) {
      weights.embedding().readRows(batch.tokenId(r), 1, hiddenRow, 0);
      rotated.reserve(hiddenRow.length).buffer().put(0, hiddenRow);
      copy.copy(
          rotated.address(), activations.residual(false, r), (long) hiddenRow.length * Float.BYTES);
    }
    clock.spent(ForwardStage.INPUT);
  }

  /** Takes a tile of logits rows over from the residual stream of all tokens. */
  void keep(TokenRows logitsRows, int from, int count) {
    long bytes = (long) config.hiddenSize() * Float.BYTES;
    for (int r = from; r < from + count; r++) {
      copy.copy(
          activations.residual(false, logitsRows.tokens()[r]),
          activations.residual(true, r),
          bytes);
    }
    clock.spent(ForwardStage.INPUT);
  }

  /** Norms a tile, which {@link #projectKeyValue} and {@link #projectQuery} then read. */
  void normForAttention(int layer, boolean logitsRows, int from, int count) {
    norm(weights.layer(layer).attentionNorm(), activations.residual(logitsRows, from), count);
  }

  /** Writes a tile's keys and values to their slots. */
  void projectKeyValue(int layer, ForwardBatch batch, int from, int count) {
    CpuLayerWeights layerWeights = weights.layer(layer);
    project(layerWeights.keyValue(), count);
    int heads = config.keyValueHeads();
    int headSize = config.headSize();
    int half = heads * headSize;
    long headBytes = cache.headBytes();
    int[] slotMapping = batch.slotMapping();
    rotated.reserve(2 * half);
    for (int t = 0; t < count; t++) {
      int token = from + t;
      projected.buffer().get(t * 2 * half, row, 0, 2 * half);
      normHeads(layerWeights.keyNorm(), heads);
      for (int head = 0; head < heads; head++) {
        rotary.rotate(row, head * headSize, batch.position(token), 1f, rotatedRow);
        FiniteValues.enforce(rotatedRow, head * headSize, row, half + head * headSize, headSize);
      }
      rotated.buffer().put(0, rotatedRow, 0, half).put(half, row, half, half);
      int block = slotMapping[token] / cache.blockSize();
      long offset = slotMapping[token] % cache.blockSize() * headBytes;
      for (int head = 0; head < heads; head++) {
        long key = rotated.address() + head * headBytes;
        copy.copy(key, cache.keys(layer, block, head) + offset, headBytes);
        copy.copy(key + heads * headBytes, cache.values(layer, block, head) + offset, headBytes);
      }
    }
    clock.spent(ForwardStage.ROTARY);
  }

  /** Makes the queries of a tile of {@code rows}. */
  void projectQuery(int layer, ForwardBatch batch, TokenRows rows, int from, int count) {
    CpuLayerWeights layerWeights = weights.layer(layer);
    project(layerWeights.query(), count);
    int heads = config.attentionHeads();
    int headSize = config.headSize();
    int width = heads * headSize;
    rotated.reserve(width);
    for (int t = 0; t < count; t++) {
      projected.buffer().get(t * width, row, 0, width);
      normHeads(layerWeights.queryNorm(), heads);
      int position = batch.position(rows.tokens()[from + t]);
      for (int head = 0; head < heads; head++) {
        rotary.rotate(row, head * headSize, position, scale, rotatedRow);
      }
      rotated.buffer().put(0, rotatedRow, 0, width);
      long bytes = activations.groupBytes();
      for (int head = 0; head < config.keyValueHeads(); head++) {
        copy.copy(rotated.address() + head * bytes, activations.queries(head, from + t), bytes);
      }
    }
    clock.spent(ForwardStage.ROTARY);
  }

  /** All of a layer that follows attention, on a tile of the residual stream. */
  void finishLayer(int layer, boolean logitsRows, int from, int count) {
    CpuLayerWeights layerWeights = weights.layer(layer);
    int rows = roundRows(count);
    int intermediate = config.intermediateSize();
    long residual = activations.residual(logitsRows, from);
    PackedLinear output = layerWeights.attentionOutput();
    output.multiply(
        kernels,
        rows,
        factor(activations.attention(from), rows, output),
        residual,
        PostOperation.ADD_TO_TARGET,
        0);
    clock.spent(ForwardStage.ATTENTION_OUTPUT);
    norm(layerWeights.feedForwardNorm(), residual, count);
    gate.reserve((long) rows * intermediate);
    up.reserve((long) rows * intermediate);
    long source = factor(normed.address(), rows, layerWeights.gate());
    layerWeights.gate().multiply(kernels, rows, source, gate.address(), PostOperation.NONE, 0);
    clock.spent(ForwardStage.GATE_UP);
    kernels.swish(rows, intermediate).run(gate.address(), gate.address());
    clock.spent(ForwardStage.ACTIVATION);
    layerWeights
        .up()
        .multiply(kernels, rows, source, up.address(), PostOperation.MULTIPLY, gate.address());
    clock.spent(ForwardStage.GATE_UP);
    PackedLinear down = layerWeights.down();
    down.multiply(
        kernels, rows, factor(up.address(), rows, down), residual, PostOperation.ADD_TO_TARGET, 0);
    clock.spent(ForwardStage.DOWN);
  }

  /** The last norm of a tile of logits rows. */
  void normForLogits(int from, int count) {
    kernels
        .rmsNorm(roundRows(count), config.hiddenSize(), config.normEpsilon())
        .run(activations.residual(true, from), weights.outputNorm(), activations.normed(from));
    clock.spent(ForwardStage.NORM);
  }

  /** Logits of one slice of the vocabulary for all of the first {@code count} normed rows. */
  void projectLogits(int slice, int count, int tileRows, long target) {
    PackedLinear output = weights.outputProjection();
    long stride = (long) output.outputs() * Float.BYTES;
    for (int from = 0; from < count; from += tileRows) {
      int rows = roundRows(Math.min(tileRows, count - from));
      long source = factor(activations.normed(from), rows, output);
      output.multiply(kernels, slice, rows, source, target + from * stride, PostOperation.NONE, 0);
    }
    clock.spent(ForwardStage.LOGITS);
  }

  private void norm(long normWeights, long source, int count) {
    int rows = roundRows(count);
    normed.reserve((long) rows * config.hiddenSize());
    kernels
        .rmsNorm(rows, config.hiddenSize(), config.normEpsilon())
        .run(source, normWeights, normed.address());
    clock.spent(ForwardStage.NORM);
  }

  private void project(PackedLinear linear, int count) {
    int rows = roundRows(count);
    projected.reserve((long) rows * linear.outputs());
    linear.multiply(
        kernels,
        rows,
        factor(normed.address(), rows, linear),
        projected.address(),
        PostOperation.NONE,
        0);
    clock.spent(ForwardStage.QUERY_KEY_VALUE);
  }

  /** Dense f32 rows as the layer's weights want them: as they are, or rounded to bf16. */
  private long factor(long source, int rows, PackedLinear linear) {
    if (linear.type() == ElementType.F32) {
      return source;
    }
    rounded.reserve(((long) rows * linear.inputs() + 1) / 2);
    kernels.toBf16(rows, linear.inputs()).run(source, rounded.address());
    return rounded.address();
  }

  private void normHeads(float @Nullable [] normWeights, int heads) {
    if (normWeights == null) {
      return;
    }
    int headSize = config.headSize();
    for (int head = 0; head < heads; head++) {
      int start = head * headSize;
      float squares = 0;
      for (int i = start; i < start + headSize; i++) {
        squares += row[i] * row[i];
      }
      float factor = (float) (1 / Math.sqrt(squares / headSize + config.normEpsilon()));
      for (int i = 0; i < headSize; i++) {
        row[start + i] *= factor * normWeights[i];
      }
    }
  }

  @Override
  public void close() {
    attention.close();
    normed.close();
    projected.close();
    gate.close();
    up.close();
    rounded.close();
    rotated.close();
    kernels.close();
  }
}
