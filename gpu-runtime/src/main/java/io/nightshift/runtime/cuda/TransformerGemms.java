package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.weights.DeviceLayerWeights;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import java.util.List;

/**
 * The GEMMs of a {@link CudaTransformerLayer}, with their inputs and outputs in the arena.
 *
 * <p>The last GEMMs of attention and of the MLP write to the residual stream. In bf16 their
 * epilogue adds to it. With fp8 their output must be scaled first, so they write to the arena's
 * delta, and the addition is deferred to the next norm: of the MLP's output to the next layer's
 * first norm, or to the final norm.
 */
final class TransformerGemms {
  private final DeviceLayerWeights weights;
  private final StepArena arena;

  /** Queries, keys and values. */
  final LayerGemm queryKeyValue;

  /** Keys and values alone, of all rows in a last layer that keeps the logits rows. */
  final LayerGemm keyValue;

  /** Queries alone, of the logits rows. */
  final LayerGemm query;

  TransformerGemms(DeviceLayerWeights weights, StepArena arena) {
    this.weights = weights;
    this.arena = arena;
    DeviceLinear all = weights.attention().queryKeyValue();
    int queries = weights.attention().output().inputs();
    queryKeyValue = projection(all);
    keyValue = projection(all.outputs(queries, all.outputs() - queries));
    query = projection(all.outputs(0, queries));
  }

  private LayerGemm projection(DeviceLinear linear) {
    return LayerGemm.overwriting(linear, arena.normed.values(), arena.projection);
  }

  /** The output projection of attention, for a residual stream. */
  LayerGemm attentionOutput(DeviceMatrix residual) {
    return toResidual(weights.attention().output(), arena.attended.values(), residual);
  }

  /** The gate and up projections, unless {@link GatedMlp} fuses them with their activation. */
  static LayerGemm gateUp(DeviceLayerWeights weights, StepArena arena) {
    return LayerGemm.overwriting(weights.mlp().gateUp(), arena.normed.values(), arena.gateUp);
  }

  /** The down projection of the MLP, for a residual stream. */
  LayerGemm down(DeviceMatrix residual) {
    return toResidual(weights.mlp().down(), arena.activated.values(), residual);
  }

  private LayerGemm toResidual(DeviceLinear linear, DeviceMatrix source, DeviceMatrix residual) {
    return arena.delta == null
        ? LayerGemm.adding(linear, source, residual)
        : LayerGemm.overwriting(linear, source, arena.delta);
  }

  /** All GEMMs of the layer, with the arena's residual stream. */
  DecoderGemms list() {
    return new DecoderGemms(
        List.of(
            queryKeyValue,
            attentionOutput(arena.residual),
            gateUp(weights, arena),
            down(arena.residual)),
        List.of(keyValue, query));
  }
}
