package io.nightshift.runtime.cpu;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cpu.CpuLayerWeights.AttentionWeights;
import io.nightshift.runtime.cpu.CpuLayerWeights.ExpertsWeights;
import io.nightshift.runtime.cpu.CpuLayerWeights.FeedForwardWeights;
import io.nightshift.runtime.cpu.CpuLayerWeights.MlpWeights;
import io.nightshift.runtime.cpu.NormWeights.PartNorms;
import io.nightshift.runtime.cpu.onednn.OneDnn;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.BlockCopy;
import io.nightshift.runtime.runner.HostCopy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The model as one worker runs it: embedding, layers, final norm, logits. Weights, KV cache and
 * activations are shared by the workers; kernels and scratch memory are this worker's own.
 */
final class CpuTransformer implements AutoCloseable {
  private final Worker worker;
  private final CpuWeights weights;
  private final CpuKeyValueCache cache;
  private final Activations activations;
  private final TokenEmbedding embedding;
  private final CpuOperators operators;
  private final List<CpuDecoderLayer> layers = new ArrayList<>();
  private final LogitsProjection logitsProjection;
  private final @Nullable RankExchange ranks;

  /**
   * @param ranks null if there is only one
   */
  CpuTransformer(
      OneDnn library,
      ModelConfig config,
      CpuWeights weights,
      CpuKeyValueCache cache,
      Activations activations,
      RotaryTables rotary,
      @Nullable RankExchange ranks) {
    this.ranks = ranks;
    this.weights = weights;
    this.cache = cache;
    this.activations = activations;
    worker = Worker.of(library);
    embedding = new TokenEmbedding(worker, config, weights.embedding());
    operators = new CpuOperators(worker, config, cache, activations, ranks);
    for (int layer = 0; layer < config.layerCount(); layer++) {
      layers.add(layer(layer, config.layers().get(layer), rotary));
    }
    logitsProjection =
        new LogitsProjection(
            worker,
            operators.gemm,
            weights.outputProjection(),
            activations.normed(),
            config.multipliers());
  }

  /** The one place that chooses the classes of a layer. */
  private CpuDecoderLayer layer(int index, LayerConfig config, RotaryTables rotary) {
    AttentionWeights attention = weights.layer(index).attention();
    PartNorms norms = weights.norms().attention(index);
    return new CpuTransformerLayer(
        new CpuSelfAttention(
            worker,
            attention,
            LayerHeads.of(index, config, attention, rotary.of(config)),
            operators.input(norms),
            operators.residualAdd(norms, RankExchange.attention(index)),
            activations,
            operators),
        feedForward(index, config.feedForward()));
  }

  private CpuFeedForward feedForward(int layer, FeedForwardConfig config) {
    PartNorms norms = weights.norms().feedForward(layer);
    ResidualAdd residualAdd = operators.residualAdd(norms, RankExchange.feedForward(layer));
    FeedForwardWeights feedForward = weights.layer(layer).feedForward();
    if (config instanceof ExpertsConfig experts && feedForward instanceof ExpertsWeights parts) {
      return new CpuExperts(
          worker,
          experts,
          parts,
          operators.input(norms),
          residualAdd,
          activations.normed(),
          activations.experts().outputs(),
          activations.experts().routing(layer),
          operators);
    }
    return new CpuGatedMlp(
        worker,
        (MlpWeights) feedForward,
        config.activation(),
        operators.gatedLinearUnit,
        operators.input(norms),
        residualAdd);
  }

  /** Native bytes of one worker. */
  static long bytes(ModelConfig config, EngineConfig options) {
    return Worker.SCRATCHPAD_BYTES
        + TokenEmbedding.bytes(config)
        + CpuOperators.bytes(config, options);
  }

  /** Runs this worker's share of a step. */
  void forward(ForwardStep step) {
    try {
      worker.clock().start();
      copyBlocks(step);
      computeLogits(step);
    } catch (RuntimeException | Error e) {
      step.abort();
      if (ranks != null) {
        ranks.abort();
      }
      throw e;
    }
  }

  private void copyBlocks(ForwardStep step) {
    List<HostCopy> hostCopies = step.batch().hostCopies();
    List<BlockCopy> copies = step.batch().copies();
    if (hostCopies.isEmpty() && copies.isEmpty()) {
      return;
    }
    // Copies are few and short: one worker makes all of them.
    step.forEach(
        1,
        only -> {
          hostCopies.forEach(copy -> cache.copy(copy, worker.copy()));
          copies.forEach(copy -> cache.copy(copy, worker.copy()));
        });
    worker.clock().spent(ForwardStage.INPUT);
    step.await(worker.clock());
  }

  private void computeLogits(ForwardStep step) {
    StepRows all = step.allRows();
    StepRows logitsRows = step.logitsRows();
    TileOperation hidden =
        (from, count) -> embedding.lookUp(step.batch(), all.residual(), from, count);
    int last = layers.size() - 1;
    for (CpuDecoderLayer layer : layers.subList(0, last)) {
      hidden = layer.forward(step, hidden);
    }
    TileOperation output = layers.get(last).forwardLogitsRows(step, hidden);
    if (logitsRows.count() == 0) {
      return;
    }
    step.forEachTile(
        logitsRows,
        (from, count) -> {
          output.run(from, count);
          long residual = logitsRows.residual().row(from);
          operators.norm.apply(
              weights.norms().finalNorm(), residual, activations.normed().row(from), count);
        });
    step.await(worker.clock());
    if (step.pooled().count() > 0) {
      step.forEach(step.pooled().count(), request -> step.pooled().pool(request));
      worker.clock().spent(ForwardStage.POOLING);
      step.await(worker.clock());
    }
    if (!step.batch().logits().isEmpty()) {
      logitsProjection.project(step);
    }
  }

  Worker worker() {
    return worker;
  }

  @Override
  public void close() {
    operators.close();
    embedding.close();
    worker.close();
  }
}
