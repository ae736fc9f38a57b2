package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.kernels.DeviceAttentionPlan;
import io.nightshift.runtime.cuda.kernels.GemmInput;
import io.nightshift.runtime.cuda.kernels.LayerKeyValueCache;
import io.nightshift.runtime.cuda.kernels.ProjectedHeads;
import io.nightshift.runtime.cuda.kernels.ProjectedHeads.HeadNorms;
import io.nightshift.runtime.cuda.kernels.ResidualStream;
import io.nightshift.runtime.cuda.kernels.ScaledOutput;
import io.nightshift.runtime.cuda.weights.DeviceLayerWeights;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import org.jspecify.annotations.Nullable;

/**
 * A transformer layer as Llama has it (Touvron et al., 2023): pre-normalization with RMS norms,
 * grouped-query attention with rotary position embedding, and a gated MLP.
 */
final class CudaTransformerLayer implements CudaDecoderLayer {
  private final int index;
  private final DeviceLayerWeights weights;
  private final LayerKeyValueCache cache;
  private final StepArena arena;
  private final CudaOperators operators;
  private final GatedMlp mlp;
  private final TransformerGemms gemms;
  private final ProjectedHeads queryKeyValueHeads;
  private final ProjectedHeads keyValueHeads;
  private final ProjectedHeads queryHeads;
  private final @Nullable ScaledOutput attentionDelta;
  private final @Nullable ScaledOutput mlpDelta;

  /**
   * @param index number of the layer in the model
   * @param mlp the gated MLPs of all layers
   */
  CudaTransformerLayer(
      int index,
      DeviceWeights model,
      DeviceKeyValueCache cache,
      StepArena arena,
      CudaOperators operators,
      GatedMlp mlp) {
    this.index = index;
    this.weights = model.layers().get(index);
    this.cache = cache.layer(index);
    this.arena = arena;
    this.operators = operators;
    this.mlp = mlp;
    gemms = new TransformerGemms(weights, arena);
    DeviceLayerWeights.AttentionWeights attention = weights.attention();
    int queries = attention.output().inputs();
    int attentionHeads = queries / cache.layout().headSize();
    int cacheHeads = cache.layout().keyValueHeads();
    DeviceVector bias = attention.queryKeyValueBias();
    queryKeyValueHeads = heads(gemms.queryKeyValue, bias, attentionHeads, cacheHeads);
    keyValueHeads = heads(gemms.keyValue, slice(bias, queries, gemms.keyValue), 0, cacheHeads);
    queryHeads = heads(gemms.query, slice(bias, 0, gemms.query), attentionHeads, 0);
    attentionDelta = delta(attention.output(), arena.attended);
    mlpDelta = delta(weights.mlp().down(), arena.activated);
  }

  private static @Nullable DeviceVector slice(
      @Nullable DeviceVector bias, int first, LayerGemm gemm) {
    return bias == null ? null : bias.slice(first, gemm.linear().outputs());
  }

  private ProjectedHeads heads(
      LayerGemm gemm, @Nullable DeviceVector bias, int attentionHeads, int cacheHeads) {
    DeviceLayerWeights.AttentionWeights attention = weights.attention();
    return new ProjectedHeads(
        new ScaledOutput(gemm.target(), arena.normed.scales(), gemm.linear().scales()),
        bias,
        new HeadNorms(attention.queryNorm(), attention.keyNorm()),
        attentionHeads,
        cacheHeads);
  }

  /** The output of a GEMM that the next norm is to add; null if the GEMM adds it. */
  private @Nullable ScaledOutput delta(DeviceLinear linear, GemmInput input) {
    return arena.delta == null
        ? null
        : new ScaledOutput(arena.delta, input.scales(), linear.scales());
  }

  @Override
  public ResidualStream forward(DeviceStep step, ResidualStream input) {
    int rows = input.rows();
    ResidualStream residual = ResidualStream.of(arena.residual, rows);
    norm(input, weights.attentionNorm());
    operators.multiply(gemms.queryKeyValue, rows);
    rotateAndStore(queryKeyValueHeads, step.tokens().positions(), step.tokens().slots());
    attend(step.attention(), rows);
    ResidualStream attended = projectAttention(residual);
    norm(attended, weights.mlpNorm());
    return runMlp(residual);
  }

  @Override
  public ResidualStream forwardLogitsRows(
      DeviceStep step, DeviceStep.LogitsRows logitsRows, ResidualStream input) {
    norm(input, weights.attentionNorm());
    operators.multiply(gemms.keyValue, input.rows());
    rotateAndStore(keyValueHeads, step.tokens().positions(), step.tokens().slots());
    int rows = logitsRows.count();
    ResidualStream residual = ResidualStream.of(arena.logitsResidual, rows);
    if (rows == 0) {
      return residual;
    }
    // Gathering the rows norms them once more, from the residual stream that is complete by now.
    norm(
        ResidualStream.gather(arena.residual, logitsRows.tokens(), arena.logitsResidual),
        weights.attentionNorm());
    operators.multiply(gemms.query, rows);
    rotateAndStore(queryHeads, logitsRows.positions(), null);
    attend(logitsRows.attention(), rows);
    ResidualStream attended = projectAttention(residual);
    norm(attended, weights.mlpNorm());
    return runMlp(residual);
  }

  /** Completes a residual stream with what was deferred to this norm, and norms it. */
  private void norm(ResidualStream residual, DeviceVector weight) {
    operators.norm().norm(residual, weight, arena.normed);
  }

  private void rotateAndStore(
      ProjectedHeads heads, DeviceVector positions, @Nullable DeviceVector slots) {
    operators.rotary().rotateAndStore(heads, positions, slots, arena.queries, cache);
  }

  private void attend(DeviceAttentionPlan plan, int rows) {
    operators.attention().attend(plan, arena.queries, cache, arena.attention, arena.partials);
    if (arena.attended.isQuantized()) {
      operators.quantize().quantizeRows(arena.attention, arena.attended, rows);
    }
  }

  /** The output projection of attention. */
  private ResidualStream projectAttention(ResidualStream residual) {
    operators.multiply(gemms.attentionOutput(residual.hidden()), residual.rows());
    return residual.plus(attentionDelta, weights.attention().outputBias());
  }

  private ResidualStream runMlp(ResidualStream residual) {
    mlp.gateUp(index, residual.rows());
    operators.multiply(gemms.down(residual.hidden()), residual.rows());
    return residual.plus(mlpDelta, null);
  }

  @Override
  public DecoderGemms gemms() {
    return gemms.list();
  }
}
