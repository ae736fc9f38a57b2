package io.nightshift.runtime.cpu;

import io.nightshift.runtime.runner.ForwardBatch;
import java.util.List;

/**
 * A transformer layer as in Llama (Touvron et al., 2023): pre-normalization with RMS norms,
 * grouped-query attention with rotary position embedding, and a gated MLP.
 */
final class CpuTransformerLayer implements CpuDecoderLayer {
  private final int layer;
  private final Worker worker;
  private final CpuLayerWeights weights;
  private final Activations activations;
  private final RmsNorm norm;
  private final PackedGemm gemm;
  private final QkvProjection qkvProjection;
  private final RotaryEmbedding rotaryEmbedding;
  private final CpuAttention attention;
  private final CpuGatedMlp mlp;

  CpuTransformerLayer(
      int layer,
      Worker worker,
      CpuLayerWeights weights,
      Activations activations,
      CpuOperators operators) {
    this.layer = layer;
    this.worker = worker;
    this.weights = weights;
    this.activations = activations;
    norm = operators.norm;
    gemm = operators.gemm;
    qkvProjection = operators.qkvProjection;
    rotaryEmbedding = operators.rotaryEmbedding;
    attention = operators.attention;
    mlp = operators.mlp;
  }

  @Override
  public TileOperation forward(ForwardStep step, TileOperation input) {
    StepRows rows = step.allRows();
    step.forEachTile(
        rows,
        (from, count) -> {
          input.run(from, count);
          long normed = norm.apply(weights.attentionNorm(), rows.residual().row(from), count);
          projectKeysAndValues(step.batch(), normed, from, count);
          projectQueries(step.batch(), rows, normed, from, count);
        });
    step.await(worker.clock());
    return attentionAndMlp(step, rows);
  }

  @Override
  public TileOperation forwardLogitsRows(ForwardStep step, TileOperation input) {
    StepRows all = step.allRows();
    step.forEachTile(
        all,
        (from, count) -> {
          input.run(from, count);
          long normed = norm.apply(weights.attentionNorm(), all.residual().row(from), count);
          projectKeysAndValues(step.batch(), normed, from, count);
        });
    step.await(worker.clock());
    StepRows rows = step.logitsRows();
    if (rows.count() == 0) {
      return (from, count) -> {};
    }
    step.forEachTile(
        rows,
        (from, count) -> {
          copyResidual(all, rows, from, count);
          // Normed once more, since the norm's output has been overwritten.
          long normed = norm.apply(weights.attentionNorm(), rows.residual().row(from), count);
          projectQueries(step.batch(), rows, normed, from, count);
        });
    step.await(worker.clock());
    return attentionAndMlp(step, rows);
  }

  /** Runs attention, and returns the part of the layer that follows it. */
  private TileOperation attentionAndMlp(ForwardStep step, StepRows rows) {
    List<AttentionTask> tasks = rows.attention();
    step.forEach(tasks.size(), task -> attention.compute(layer, tasks.get(task)));
    step.await(worker.clock());
    return (from, count) -> {
      long residual = rows.residual().row(from);
      addAttentionOutput(residual, from, count);
      long normed = norm.apply(weights.mlpNorm(), residual, count);
      mlp.addTo(weights.mlp(), normed, residual, count);
    };
  }

  /** GEMM, rotary embedding and KV cache write. */
  private void projectKeysAndValues(ForwardBatch batch, long normed, int from, int count) {
    FloatScratch projected = qkvProjection.apply(weights.attention().keyValue(), normed, count);
    rotaryEmbedding.writeKeysAndValues(
        layer, batch, projected, weights.attention().keyNorm(), from, count);
  }

  /** GEMM and rotary embedding. */
  private void projectQueries(ForwardBatch batch, StepRows rows, long normed, int from, int count) {
    FloatScratch projected = qkvProjection.apply(weights.attention().query(), normed, count);
    rotaryEmbedding.writeQueries(
        batch, rows.tokens(), projected, weights.attention().queryNorm(), from, count);
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
    gemm.multiplyAndAdd(weights.attention().output(), attended, residual, count);
    worker.clock().spent(ForwardStage.ATTENTION_OUTPUT);
  }
}
