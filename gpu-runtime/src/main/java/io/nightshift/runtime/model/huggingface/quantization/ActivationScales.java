package io.nightshift.runtime.model.huggingface.quantization;

import java.util.List;

/**
 * Tensors for the quantization of activations and of the KV cache with scales that were measured
 * beforehand. They are not needed: activations are computed with in bf16, or quantized with scales
 * of their own (per token, in fp8), and the KV cache is not quantized.
 */
final class ActivationScales {
  private static final List<String> SUFFIXES =
      List.of(
          ".activation_scale",
          ".input_global_scale",
          ".input_scale",
          ".input_scale_ub",
          ".input_zero_point",
          ".k_scale",
          ".k_zero_point",
          ".kv_scale",
          ".output_scale",
          ".output_zero_point",
          ".prob_scale",
          ".q_scale",
          ".v_scale",
          ".v_zero_point");

  private ActivationScales() {}

  static boolean isOne(String tensor) {
    return SUFFIXES.stream().anyMatch(tensor::endsWith);
  }
}
