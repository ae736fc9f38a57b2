package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.DeviceVector;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one transformer layer on the device. Vectors are f32, and null if the model has
 * none.
 *
 * @param attentionNorm {@code [hidden]}: weight of the norm before attention
 * @param mlpNorm {@code [hidden]}: weight of the norm before the MLP
 */
public record DeviceLayerWeights(
    DeviceVector attentionNorm, AttentionWeights attention, DeviceVector mlpNorm, MlpWeights mlp) {

  /**
   * Attention's projections.
   *
   * @param queryKeyValue rows of the query, key and value projections, in this order
   * @param queryKeyValueBias a bias for each of its outputs
   * @param queryNorm {@code [headSize]}: weight of the norm of query heads
   * @param keyNorm {@code [headSize]}: weight of the norm of key heads
   * @param outputBias {@code [hidden]}: bias of the output projection
   */
  public record AttentionWeights(
      DeviceLinear queryKeyValue,
      @Nullable DeviceVector queryKeyValueBias,
      @Nullable DeviceVector queryNorm,
      @Nullable DeviceVector keyNorm,
      DeviceLinear output,
      @Nullable DeviceVector outputBias) {}

  /**
   * The gated MLP's projections.
   *
   * @param gateUp rows of the gate and the up projection, in this order
   */
  public record MlpWeights(DeviceLinear gateUp, DeviceLinear down) {}
}
