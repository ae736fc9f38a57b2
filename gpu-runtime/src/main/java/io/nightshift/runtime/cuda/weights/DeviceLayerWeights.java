package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.DeviceVector;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one transformer layer on the device. Vectors are f32, and null if the model has
 * none.
 *
 * @param attentionNorms norms around attention
 * @param feedForwardNorms norms around the feed-forward network
 */
public record DeviceLayerWeights(
    PartNorms attentionNorms,
    AttentionWeights attention,
    PartNorms feedForwardNorms,
    FeedForwardWeights feedForward) {

  /**
   * The norms around a part of a layer.
   *
   * @param input {@code [hidden]}: weight of the norm of the part's input
   * @param output {@code [hidden]}: weight of the norm of the part's output, before it is added to
   *     the residual stream
   */
  public record PartNorms(@Nullable DeviceVector input, @Nullable DeviceVector output) {}

  /**
   * Attention's projections.
   *
   * @param queryKeyValue rows of the query, key and value projections, in this order
   * @param queryKeyValueBias a bias for each of its outputs
   * @param queryNorm weight of the norm of queries: {@code [headSize]} for each head, or {@code
   *     [heads * headSize]} for all together
   * @param keyNorm weight of the norm of keys, likewise
   * @param output the output projection
   * @param outputBias {@code [hidden]}: bias of the output projection
   * @param sinks {@code [heads]}: a score for each query head
   */
  public record AttentionWeights(
      DeviceLinear queryKeyValue,
      @Nullable DeviceVector queryKeyValueBias,
      @Nullable DeviceVector queryNorm,
      @Nullable DeviceVector keyNorm,
      DeviceLinear output,
      @Nullable DeviceVector outputBias,
      @Nullable DeviceVector sinks) {}
}
