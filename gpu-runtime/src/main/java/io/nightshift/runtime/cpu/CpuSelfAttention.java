package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.CpuLayerWeights.AttentionWeights;
import io.nightshift.runtime.runner.ForwardBatch;
import java.util.List;

/**
 * Attention of a layer with its projections: grouped-query attention (Ainslie et al., 2023) to the
 * KV cache, with rotary position embedding.
 */
final class CpuSelfAttention {
  private final Worker worker;
  private final AttentionWeights weights;
  private final LayerHeads heads;
  private final InputNorm norm;
  private final ResidualAdd residualAdd;
  private final Activations activations;
  private final QkvProjection qkvProjection;
  private final RotaryEmbedding rotaryEmbedding;
  private final CpuAttention attention;

  CpuSelfAttention(
      Worker worker,
      AttentionWeights weights,
      LayerHeads heads,
      InputNorm norm,
      ResidualAdd residualAdd,
      Activations activations,
      CpuOperators operators) {
    this.worker = worker;
    this.weights = weights;
    this.heads = heads;
    this.norm = norm;
    this.residualAdd = residualAdd;
    this.activations = activations;
    qkvProjection = operators.qkvProjection;
    rotaryEmbedding = operators.rotaryEmbedding;
    attention = operators.attention;
  }

  /**
   * Runs this worker's share for all tokens of the step.
   *
   * @param input computes a tile of the residual stream that attention reads
   * @return computes a tile of the residual stream with attention's output added
   */
  TileOperation forward(ForwardStep step, TileOperation input) {
    StepRows rows = step.allRows();
    step.forEachTile(
        rows,
        (from, count) -> {
          input.run(from, count);
          long normed = norm.apply(rows.residual().row(from), count);
          projectKeysAndValues(step.batch(), normed, from, count);
          projectQueries(step.batch(), rows, normed, from, count);
        });
    step.await(worker.clock());
    return attend(step, rows);
  }

  /**
   * Runs this worker's share of a model's last layer: keys and values for all tokens, and
   * everything else for the logits rows only.
   *
   * @return computes a tile of the residual stream of the logits rows with attention's output added
   */
  TileOperation forwardLogitsRows(ForwardStep step, TileOperation input) {
    StepRows all = step.allRows();
    step.forEachTile(
        all,
        (from, count) -> {
          input.run(from, count);
          long normed = norm.apply(all.residual().row(from), count);
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
          long normed = norm.apply(rows.residual().row(from), count);
          projectQueries(step.batch(), rows, normed, from, count);
        });
    step.await(worker.clock());
    return attend(step, rows);
  }

  /** Runs attention, and returns the output projection. */
  private TileOperation attend(ForwardStep step, StepRows rows) {
    List<AttentionTask> tasks = rows.attention();
    step.forEach(tasks.size(), task -> attention.compute(heads, tasks.get(task)));
    step.await(worker.clock());
    return (from, count) -> {
      long attended = activations.attention().row(from);
      residualAdd.multiplyAndAdd(weights.output(), attended, rows.residual(), from, count);
      worker.clock().spent(ForwardStage.ATTENTION_OUTPUT);
    };
  }

  /** GEMM, rotary embedding and KV cache write. */
  private void projectKeysAndValues(ForwardBatch batch, long normed, int from, int count) {
    FloatScratch projected = qkvProjection.apply(weights.keyValue(), normed, count);
    rotaryEmbedding.writeKeysAndValues(heads, batch, projected, from, count);
  }

  /** GEMM and rotary embedding. */
  private void projectQueries(ForwardBatch batch, StepRows rows, long normed, int from, int count) {
    FloatScratch projected = qkvProjection.apply(weights.query(), normed, count);
    rotaryEmbedding.writeQueries(heads, batch, rows.tokens(), projected, from, count);
  }

  private void copyResidual(StepRows all, StepRows rows, int from, int count) {
    NativeRows target = rows.residual();
    for (int row = from; row < from + count; row++) {
      long source = all.residual().row(rows.tokens().tokens()[row]);
      worker.copy().copy(source, target.row(row), target.rowBytes());
    }
    worker.clock().spent(ForwardStage.INPUT);
  }
}
