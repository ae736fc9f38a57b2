package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.kernels.DeviceAttentionPlan;
import io.nightshift.runtime.cuda.kernels.LayerKeyValueCache;
import io.nightshift.runtime.cuda.kernels.ProjectedHeads;
import io.nightshift.runtime.cuda.kernels.ProjectedHeads.HeadNorms;
import io.nightshift.runtime.cuda.kernels.ResidualStream;
import io.nightshift.runtime.cuda.kernels.RotaryKernels;
import io.nightshift.runtime.cuda.kernels.ScaledOutput;
import io.nightshift.runtime.cuda.weights.DeviceLayerWeights;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.model.ModelConfig;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A transformer layer: grouped-query attention with rotary position embedding, and a feed-forward
 * network, with RMS norms before or behind each.
 */
final class CudaTransformerLayer implements CudaDecoderLayer {
  private final DeviceLayerWeights weights;
  private final LayerKeyValueCache cache;
  private final RotaryKernels rotary;
  private final int group;
  private final StepArena arena;
  private final CudaOperators operators;
  private final FeedForward feedForward;
  private final AttentionGemms gemms;
  private final ProjectedHeads queryKeyValueHeads;
  private final ProjectedHeads keyValueHeads;
  private final ProjectedHeads queryHeads;

  /**
   * @param index number of the layer in the model
   */
  CudaTransformerLayer(
      int index,
      ModelConfig config,
      DeviceWeights model,
      DeviceKeyValueCache cache,
      StepArena arena,
      CudaOperators operators,
      FeedForward feedForward) {
    rotary = operators.rotary().of(config.layers().get(index));
    group = config.cacheGroup(index);
    this.weights = model.layers().get(index);
    this.cache = cache.layer(index);
    this.arena = arena;
    this.operators = operators;
    this.feedForward = feedForward;
    gemms = new AttentionGemms(weights, arena, config.multipliers().residual());
    DeviceLayerWeights.AttentionWeights attention = weights.attention();
    int queries = attention.output().inputs();
    int attentionHeads = queries / cache.layout().headSize();
    int cacheHeads = cache.layout().keyValueHeads();
    DeviceVector bias = attention.queryKeyValueBias();
    queryKeyValueHeads = heads(gemms.queryKeyValue, bias, attentionHeads, cacheHeads);
    keyValueHeads = heads(gemms.keyValue, slice(bias, queries, gemms.keyValue), 0, cacheHeads);
    queryHeads = heads(gemms.query, slice(bias, 0, gemms.query), attentionHeads, 0);
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

  @Override
  public ResidualStream forward(DeviceStep step, ResidualStream input) {
    int rows = input.rows();
    ResidualStream residual = ResidualStream.of(arena.residual, rows);
    norm(input, weights.attentionNorms().input());
    operators.multiply(gemms.queryKeyValue, rows);
    rotateAndStore(queryKeyValueHeads, step.tokens().positions(), step.tokens().slots().get(group));
    attend(step.attention().get(group), step.blockTables(), rows);
    ResidualStream attended = projectAttention(residual);
    operators
        .norm()
        .norm(
            attended,
            weights.feedForwardNorms().input(),
            arena.normed,
            feedForward.unquantizedInput());
    return feedForward.run(residual);
  }

  @Override
  public ResidualStream forwardLogitsRows(
      DeviceStep step, DeviceStep.LogitsRows logitsRows, ResidualStream input) {
    norm(input, weights.attentionNorms().input());
    operators.multiply(gemms.keyValue, input.rows());
    rotateAndStore(keyValueHeads, step.tokens().positions(), step.tokens().slots().get(group));
    int rows = logitsRows.count();
    ResidualStream residual = ResidualStream.of(arena.logitsResidual, rows);
    if (rows == 0) {
      return residual;
    }
    // Gathering the rows norms them once more, from the residual stream that is complete by now.
    norm(input.select(logitsRows.tokens(), arena.logitsResidual), weights.attentionNorms().input());
    operators.multiply(gemms.query, rows);
    rotateAndStore(queryHeads, logitsRows.positions(), null);
    attend(logitsRows.attention(), step.blockTables(), rows);
    ResidualStream attended = projectAttention(residual);
    operators
        .norm()
        .norm(
            attended,
            weights.feedForwardNorms().input(),
            arena.normed,
            feedForward.unquantizedInput());
    return feedForward.run(residual);
  }

  /**
   * Completes a residual stream with what was deferred to this norm, and norms it for the next
   * GEMM, unless there is no weight.
   */
  private void norm(ResidualStream residual, @Nullable DeviceVector weight) {
    operators.norm().norm(residual, weight, arena.normed, null);
  }

  private void rotateAndStore(
      ProjectedHeads heads, DeviceVector positions, @Nullable DeviceVector slots) {
    rotary.rotateAndStore(heads, positions, slots, arena.normFactors, arena.queries, cache);
  }

  private void attend(DeviceAttentionPlan plan, DeviceVector blockTables, int rows) {
    operators
        .attention()
        .attend(
            plan,
            blockTables,
            arena.queries,
            cache,
            weights.attention().sinks(),
            arena.attention,
            arena.partials);
    if (arena.attended.isQuantized()) {
      operators.quantize().quantizeRows(arena.attention, arena.attended, rows);
    }
  }

  /** The output projection of attention. */
  private ResidualStream projectAttention(ResidualStream residual) {
    gemms.output.multiply(operators, residual);
    return gemms.output.to(residual);
  }

  @Override
  public DecoderGemms gemms() {
    return new DecoderGemms(
        Stream.concat(
                Stream.of(gemms.queryKeyValue, gemms.output.gemm(arena.residual)),
                feedForward.gemms().stream())
            .toList(),
        List.of(gemms.keyValue, gemms.query),
        feedForward.expertGemms());
  }
}
