package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.kernels.BlockKernels;
import io.nightshift.runtime.cuda.kernels.LogitCap;
import io.nightshift.runtime.cuda.kernels.PoolingKernels;
import io.nightshift.runtime.cuda.kernels.ResidualStream;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.Multipliers;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A decoder-only model on the device: embedding, layers, final norm, and projection to logits.
 * Touches device memory only, so that a graph can record it.
 */
final class CudaTransformer {
  private final Multipliers multipliers;
  private final DeviceWeights weights;
  private final DeviceKeyValueCache cache;
  private final BlockKernels blocks;
  private final StepArena arena;
  private final CudaOperators operators;
  private final PoolingKernels pooling;
  private final List<CudaDecoderLayer> layers;

  CudaTransformer(
      ModelConfig config,
      DeviceWeights weights,
      DeviceKeyValueCache cache,
      BlockKernels blocks,
      StepArena arena,
      CudaOperators operators,
      PoolingKernels pooling,
      List<FeedForward> feedForwards) {
    multipliers = config.multipliers();
    this.weights = weights;
    this.cache = cache;
    this.blocks = blocks;
    this.arena = arena;
    this.operators = operators;
    this.pooling = pooling;
    // The one place that chooses the architecture of the layers.
    layers =
        IntStream.range(0, weights.layers().size())
            .<CudaDecoderLayer>mapToObj(
                i ->
                    new CudaTransformerLayer(
                        i, config, weights, cache, arena, operators, feedForwards.get(i)))
            .toList();
  }

  /**
   * Computes a step up to the final norm. The last layer computes keys and values of all tokens,
   * and the rest only for the rows whose logits are read. Their normed rows are left in the arena,
   * for {@link #projectLogits} and {@link #pool}.
   */
  void forward(DeviceStep step) {
    for (int group = 0; group < cache.groupCount(); group++) {
      DeviceMatrix copies = step.copies().get(group);
      if (copies.rows() > 0) {
        blocks.copyBlocks(cache.elements(group), cache.scales(group), copies, cache.planes(group));
      }
    }
    ResidualStream residual =
        ResidualStream.embed(
            weights.embedding(), step.tokens().ids(), multipliers.embedding(), arena.residual);
    int last = layers.size() - 1;
    for (CudaDecoderLayer layer : layers.subList(0, last)) {
      residual = layer.forward(step, residual);
    }
    DeviceStep.LogitsRows logitsRows = step.logitsRows();
    residual =
        logitsRows == null
            ? layers.get(last).forward(step, residual)
            : layers.get(last).forwardLogitsRows(step, logitsRows, residual);
    if (residual.rows() > 0) {
      operators.norm().finalNorm(residual, weights.finalNorm(), arena.finalNormed);
    }
  }

  /**
   * Computes the logits of some of the rows that {@link #forward} has left.
   *
   * @param first the first logits row
   * @param count number of rows, at most those of the arena's logits
   * @return f32 {@code [count][vocabulary]}, valid until the next call
   */
  DeviceMatrix projectLogits(int first, int count) {
    DeviceMatrix logits = projectedLogits(count);
    DeviceMatrix normed = arena.finalNormed.rows(first, count);
    operators.multiply(logitsGemm(normed, logits), count);
    LogitCap cap = operators.logitCap();
    if (cap != null) {
      cap.cap(logits);
    }
    return logits;
  }

  /** The logits that the last {@link #projectLogits} has computed. */
  DeviceMatrix projectedLogits(int count) {
    return arena.logits.rows(0, count);
  }

  /**
   * Sums rows that {@link #forward} has left.
   *
   * @param requests int {@code [requests][2]}: first row and number of rows of each request, at
   *     most {@link #poolingRows}
   * @return f32 {@code [requests][hidden]}, in the memory of the logits: valid until the next call,
   *     or until logits are projected
   */
  DeviceMatrix pool(DeviceMatrix requests) {
    DeviceMatrix normed = arena.finalNormed;
    DeviceMatrix sums =
        new DeviceMatrix(
            arena.logits.address(), requests.rows(), normed.columns(), arena.logits.type());
    pooling.sumRows(normed, requests, sums);
    return sums;
  }

  /** Maximum number of pooling requests at a time. */
  int poolingRows() {
    long rows = arena.logits.rows() * arena.logits.columns() / arena.finalNormed.columns();
    if (rows == 0) {
      throw new IllegalStateException("the memory of the logits holds no hidden state");
    }
    return (int) Math.min(rows, arena.rows());
  }

  /** The GEMMs of all layers. */
  List<DecoderGemms> layerGemms() {
    return layers.stream().map(CudaDecoderLayer::gemms).toList();
  }

  /** The GEMM of {@link #projectLogits}. */
  LayerGemm logitsGemm() {
    return logitsGemm(arena.finalNormed, arena.logits);
  }

  private LayerGemm logitsGemm(DeviceMatrix normed, DeviceMatrix logits) {
    return LayerGemm.overwriting(weights.outputProjection(), normed, logits, multipliers.logits());
  }
}
