package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.LayerGemms.Product;
import io.nightshift.runtime.cuda.ModelKernels.Rotation;
import io.nightshift.runtime.cuda.ModelKernels.Sums;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.cuda.weights.LayerWeights;
import io.nightshift.runtime.model.ModelConfig;

/**
 * The launches of one step, from token ids to the normed rows that logits are made of. Touches
 * device memory only, so that a graph can record it.
 *
 * <p>The last layer computes keys and values of all tokens, and the rest only for rows whose output
 * is read.
 */
final class ForwardPass {
  private final ModelConfig config;
  private final ModelDimensions dimensions;
  private final CudaStream stream;
  private final DeviceWeights weights;
  private final DeviceKeyValueCache cache;
  private final StepArena arena;
  private final GemmLibrary products;
  private final LayerGemms layerGemms;
  private final ModelKernels kernels;
  private final AttentionKernels attention;
  private final GatedMlp gatedMlp;
  private final long rotaryTable;
  private final int blockCount;
  private final boolean fp8;

  ForwardPass(
      ModelConfig config,
      CudaStream stream,
      DeviceWeights weights,
      DeviceKeyValueCache cache,
      StepArena arena,
      GemmLibrary products,
      ModelKernels kernels,
      AttentionKernels attention,
      GatedMlp gatedMlp,
      long rotaryTable,
      int blockCount,
      boolean fp8) {
    this.config = config;
    this.dimensions = new ModelDimensions(config);
    this.stream = stream;
    this.weights = weights;
    this.cache = cache;
    this.arena = arena;
    this.products = products;
    this.layerGemms = new LayerGemms(config, arena);
    this.kernels = kernels;
    this.attention = attention;
    this.gatedMlp = gatedMlp;
    this.rotaryTable = rotaryTable;
    this.blockCount = blockCount;
    this.fp8 = fp8;
  }

  /** Leaves the normed rows of {@code step.logitsRowCount()} tokens in the arena's normed rows. */
  void run(DeviceStep step) {
    if (step.copyCount() > 0) {
      kernels.copyBlocks(cache, step.copies(), step.copyCount(), blockCount);
    }
    int last = config.layers() - 1;
    for (int layer = 0; layer < last; layer++) {
      beginLayer(layer, step);
      projectAll(layer, step);
      finishLayer(layer, step.tokens(), step.attention(), arena.residual);
    }
    beginLayer(last, step);
    DeviceStep.LogitsRows logitsRows = step.logitsRows();
    if (logitsRows == null) {
      projectAll(last, step);
      finishLayer(last, step.tokens(), step.attention(), arena.residual);
      finish(step.tokens(), down(last), arena.residual);
    } else {
      projectKeysAndValues(last, step);
      if (step.logitsRowCount() > 0) {
        projectLogitsRowQueries(last, step.logitsRowCount(), logitsRows);
        finishLayer(last, step.logitsRowCount(), logitsRows.attention(), arena.logitsResidual);
        finish(step.logitsRowCount(), down(last), arena.logitsResidual);
      }
    }
  }

  /** Norms the residual stream for attention, with the last layer's output in it. */
  private void beginLayer(int layer, DeviceStep step) {
    long norm = weights.layers().get(layer).attentionNorm();
    if (layer == 0) {
      embed(step.tokens(), step.tokenIds(), weights.embedding(), arena.residual, norm);
    } else {
      addAndNorm(step.tokens(), down(layer - 1), 0, arena.residual, norm);
    }
  }

  /** Copies rows of a table into a residual stream, and norms them. */
  private void embed(int rows, long sources, long table, long residual, long norm) {
    kernels.addAndNorm(
        rows, Sums.NONE, 0, sources, table, residual, norm, arena.normed, arena.normedScales);
  }

  /** Norms a residual stream; writes to it only where something is added here. */
  private void addAndNorm(int rows, Sums delta, long bias, long residual, long norm) {
    boolean adds = delta.address() != 0 || bias != 0;
    kernels.addAndNorm(
        rows,
        delta,
        bias,
        0,
        residual,
        adds ? residual : 0,
        norm,
        arena.normed,
        arena.normedScales);
  }

  private void projectAll(int layer, DeviceStep step) {
    LayerWeights layerWeights = weights.layers().get(layer);
    multiplyNormed(layerWeights.queryKeyValue(), step.tokens(), arena.projection);
    rotate(
        layer,
        step.tokens(),
        ofNormed(layerWeights.queryKeyValue(), arena.projection),
        layerWeights.queryKeyValueBias(),
        step.positions(),
        step.slots(),
        config.attentionHeads(),
        config.keyValueHeads());
  }

  private void projectKeysAndValues(int layer, DeviceStep step) {
    LayerWeights layerWeights = weights.layers().get(layer);
    DeviceLinear keysAndValues =
        layerWeights.queryKeyValue().outputs(dimensions.queries(), dimensions.keysAndValues());
    multiplyNormed(keysAndValues, step.tokens(), arena.projection);
    long bias = layerWeights.queryKeyValueBias();
    rotate(
        layer,
        step.tokens(),
        ofNormed(keysAndValues, arena.projection),
        bias == 0 ? 0 : bias + (long) dimensions.queries() * Float.BYTES,
        step.positions(),
        step.slots(),
        0,
        config.keyValueHeads());
  }

  /** Takes the logits rows over from the residual stream, whose sum is already in it. */
  private void projectLogitsRowQueries(int layer, int count, DeviceStep.LogitsRows logitsRows) {
    LayerWeights layerWeights = weights.layers().get(layer);
    embed(
        count,
        logitsRows.tokens(),
        arena.residual,
        arena.logitsResidual,
        layerWeights.attentionNorm());
    DeviceLinear queries = layerWeights.queryKeyValue().outputs(0, dimensions.queries());
    multiplyNormed(queries, count, arena.projection);
    rotate(
        layer,
        count,
        ofNormed(queries, arena.projection),
        layerWeights.queryKeyValueBias(),
        logitsRows.positions(),
        0,
        config.attentionHeads(),
        0);
  }

  private void rotate(
      int layer,
      int rows,
      Sums projection,
      long bias,
      long positions,
      long slots,
      int queryHeads,
      int keyValueHeads) {
    LayerWeights layerWeights = weights.layers().get(layer);
    kernels.rotateAndStore(
        rows,
        new Rotation(
            projection,
            bias,
            layerWeights.queryNorm(),
            layerWeights.keyNorm(),
            rotaryTable,
            positions,
            slots,
            arena.queries,
            cache.keys(layer),
            cache.values(layer),
            cache.keyScales(layer),
            cache.valueScales(layer)),
        queryHeads,
        keyValueHeads);
  }

  /** Attention and the feed-forward network; {@link #down} says where the latter's output is. */
  private void finishLayer(int layer, int rows, DeviceAttention plan, long residual) {
    LayerWeights layerWeights = weights.layers().get(layer);
    attention.run(plan, layer);
    long attended = arena.attention;
    if (fp8) {
      kernels.quantizeAttention(
          rows, arena.attention, arena.quantizedAttention, arena.attentionScales);
      attended = arena.quantizedAttention;
    }
    multiplyToResidual(layerWeights.attentionOutput(), rows, attended, residual);
    addAndNorm(
        rows,
        leftToAdd(layerWeights.attentionOutput(), arena.attentionScales),
        layerWeights.attentionOutputBias(),
        residual,
        layerWeights.feedForwardNorm());
    gatedMlp.run(layer, rows);
    multiplyToResidual(layerWeights.down(), rows, arena.activated, residual);
  }

  private void finish(int rows, Sums delta, long residual) {
    kernels.addAndNormForLogits(rows, delta, residual, weights.outputNorm(), arena.normed);
  }

  /** Logits of {@code count} normed rows from {@code first} on, to the arena's logits. */
  void projectLogits(int first, int count) {
    long source = arena.normed + (long) first * dimensions.hidden() * Short.BYTES;
    multiply(weights.outputProjection(), count, source, arena.logits);
  }

  private void multiplyNormed(DeviceLinear linear, int rows, long target) {
    multiply(linear, rows, arena.normed, target);
  }

  /** What {@link #multiplyNormed} leaves. */
  private Sums ofNormed(DeviceLinear linear, long target) {
    return new Sums(target, arena.normedScales, linear.scales());
  }

  /** What of a layer's output is still to be added to the residual stream. */
  private Sums down(int layer) {
    return leftToAdd(weights.layers().get(layer).down(), arena.activatedScales);
  }

  private void multiplyToResidual(DeviceLinear linear, int rows, long source, long residual) {
    layerGemms.toResidual(linear, source, residual).run(products, stream, rows);
  }

  /** What {@link #multiplyToResidual} leaves to the next norm. */
  private Sums leftToAdd(DeviceLinear linear, long rowScales) {
    return fp8 ? new Sums(arena.delta, rowScales, linear.scales()) : Sums.NONE;
  }

  private void multiply(DeviceLinear linear, int rows, long source, long target) {
    new Product(linear, source, target).run(products, stream, rows);
  }
}
