package io.nightshift.runtime.cpu;

import io.nightshift.runtime.runner.ForwardBatch;

/** A transformer layer with attention and a gated MLP, each behind an RMS norm (Llama, Qwen). */
final class CpuTransformerLayer implements CpuDecoderLayer {
  private final int layer;
  private final Worker worker;
  private final CpuLayerWeights weights;
  private final Activations activations;
  private final RmsNorm norm;
  private final PackedGemm gemm;
  private final QkvProjection qkvProjection;
  private final RotaryEmbedding rotaryEmbedding;
  private final Attention attention;
  private final CpuGatedMlp mlp;

  CpuTransformerLayer(
      int layer,
      Worker worker,
      CpuLayerWeights weights,
      Activations activations,
      LayerOperations operations) {
    this.layer = layer;
    this.worker = worker;
    this.weights = weights;
    this.activations = activations;
    norm = operations.norm;
    gemm = operations.gemm;
    qkvProjection = operations.qkvProjection;
    rotaryEmbedding = operations.rotaryEmbedding;
    attention = operations.attention;
    mlp = operations.mlp;
  }

  @Override
  public TileOperation forward(ForwardStep step, StepRows rows, TileOperation input) {
    StepRows all = step.allRows();
    step.forEachTile(
        all,
        (from, count) -> {
          input.run(from, count);
          long normed = norm.apply(weights.attentionNorm(), all.residual().row(from), count);
          projectKeysAndValues(step.batch(), normed, from, count);
          if (rows.everyToken()) {
            projectQueries(step.batch(), rows, normed, from, count);
          }
        });
    step.await(worker.clock());
    if (!rows.everyToken()) {
      // Queries of few tokens: they have tiles of their own, with a dense residual stream.
      step.forEachTile(
          rows,
          (from, count) -> {
            copyResidual(all, rows, from, count);
            long normed = norm.apply(weights.attentionNorm(), rows.residual().row(from), count);
            projectQueries(step.batch(), rows, normed, from, count);
          });
      step.await(worker.clock());
    }
    step.forEach(
        rows.attention().size(), task -> attention.compute(layer, rows.attention().get(task)));
    step.await(worker.clock());
    return (from, count) -> {
      long residual = rows.residual().row(from);
      addAttentionOutput(residual, from, count);
      long normed = norm.apply(weights.feedForwardNorm(), residual, count);
      mlp.addTo(weights, normed, residual, count);
    };
  }

  /** GEMM, rotary embedding and KV cache write. */
  private void projectKeysAndValues(ForwardBatch batch, long normed, int from, int count) {
    FloatScratch projected = qkvProjection.apply(weights.keyValue(), normed, count);
    rotaryEmbedding.writeKeysAndValues(layer, batch, projected, weights.keyNorm(), from, count);
  }

  /** GEMM and rotary embedding. */
  private void projectQueries(ForwardBatch batch, StepRows rows, long normed, int from, int count) {
    FloatScratch projected = qkvProjection.apply(weights.query(), normed, count);
    rotaryEmbedding.writeQueries(batch, rows.tokens(), projected, weights.queryNorm(), from, count);
  }

  private void copyResidual(StepRows all, StepRows rows, int from, int count) {
    NativeRows target = rows.residual();
    for (int row = from; row < from + count; row++) {
      long source = all.residual().row(rows.tokens().tokens()[row]);
      worker.copy().copy(source, target.row(row), target.rowBytes());
    }
    worker.clock().spent(ForwardStage.INPUT);
  }

  private void addAttentionOutput(long residual, int from, int count) {
    long attended = activations.attention().row(from);
    gemm.multiplyAndAdd(weights.attentionOutput(), attended, residual, count);
    worker.clock().spent(ForwardStage.ATTENTION_OUTPUT);
  }
}
