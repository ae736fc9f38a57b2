package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceVector;
import org.jspecify.annotations.Nullable;

/**
 * Heads as the fused projection of queries, keys and values leaves them, or a part of it.
 *
 * @param output {@code [tokens][(queryHeads + 2 * keyValueHeads) * headSize]}: queries, keys and
 *     values, in this order
 * @param bias f32, one for each column of the output; null if the model has none
 * @param norms norms of query and key heads
 * @param queryHeads 0 if the output has keys and values only
 * @param keyValueHeads 0 if the output has queries only
 */
public record ProjectedHeads(
    ScaledOutput output,
    @Nullable DeviceVector bias,
    HeadNorms norms,
    int queryHeads,
    int keyValueHeads) {

  /**
   * Norms of each head (Qwen3), f32 {@code [headSize]}, or of all heads of a token (OLMo 2), f32
   * {@code [heads * headSize]}; null if the model has none.
   *
   * @param query weight for query heads
   * @param key weight for key heads
   */
  public record HeadNorms(@Nullable DeviceVector query, @Nullable DeviceVector key) {}

  int heads() {
    return queryHeads + 2 * keyValueHeads;
  }
}
