package io.nightshift.runtime.model.gguf;

import io.nightshift.runtime.model.ModelFormatException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Validates the metadata keys that are prefixed with the file's architecture, which define what the
 * model computes. A key is read by {@link GgufConfigReader}, has no effect on the supported
 * architectures, or is rejected unless its value is neutral. Unknown keys are rejected too, since
 * they may change what the model computes.
 *
 * @see <a
 *     href="https://github.com/ggml-org/llama.cpp/blob/master/gguf-py/gguf/constants.py">llama.cpp's
 *     keys</a>
 */
final class GgufArchitectureKeys {

  private static final Set<String> READ =
      Set.of(
          "vocab_size",
          "context_length",
          "embedding_length",
          "block_count",
          "feed_forward_length",
          "attention.head_count",
          "attention.head_count_kv",
          "attention.key_length",
          "attention.value_length",
          "attention.layer_norm_rms_epsilon",
          "rope.dimension_count",
          "rope.freq_base",
          "rope.scaling.type",
          "rope.scaling.factor",
          "rope.scaling.original_context_length",
          "rope.scaling.yarn_beta_fast",
          "rope.scaling.yarn_beta_slow",
          "rope.scale_linear");

  /**
   * All norms are RMS norms. Converters wrote {@code use_parallel_residual} as true for models of
   * all architectures; llama.cpp does not read it for the supported ones.
   */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "attention.layer_norm_epsilon",
          "rope.scaling.finetuned",
          "tensor_data_layout",
          "use_parallel_residual");

  private static final String EXPERTS = "such experts are not supported";
  private static final String NO_EXPERTS = "experts are not supported for this architecture";
  private static final String WINDOW =
      "a sliding window in some layers only is not supported for this architecture";
  private static final String SOFT_CAPS = "soft caps are not supported for this architecture";
  private static final String YARN = "this rope scaling is not supported for this architecture";

  /**
   * @param values values without effect; false is 0, true is 1
   * @param otherwise why other values are rejected
   */
  private record Neutral(Set<Double> values, String otherwise) {
    static Neutral of(double value, String otherwise) {
      return new Neutral(Set.of(value), otherwise);
    }
  }

  private static final Map<String, Neutral> NEUTRAL =
      Map.ofEntries(
          Map.entry("expert_count", Neutral.of(0, NO_EXPERTS)),
          Map.entry("expert_used_count", Neutral.of(0, NO_EXPERTS)),
          Map.entry("expert_feed_forward_length", Neutral.of(0, NO_EXPERTS)),
          Map.entry("expert_weights_scale", new Neutral(Set.of(0., 1.), EXPERTS)),
          Map.entry("expert_weights_norm", Neutral.of(1, EXPERTS)),
          Map.entry("expert_gating_func", new Neutral(Set.of(0., 1.), EXPERTS)),
          Map.entry("expert_shared_count", Neutral.of(0, EXPERTS)),
          Map.entry("expert_group_count", Neutral.of(0, EXPERTS)),
          Map.entry("expert_group_used_count", Neutral.of(0, EXPERTS)),
          Map.entry("logit_scale", Neutral.of(1, "scaled logits are not supported")),
          Map.entry("residual_scale", Neutral.of(1, "scaled residuals are not supported")),
          Map.entry("embedding_scale", Neutral.of(1, "scaled embeddings are not supported")),
          Map.entry("attn_logit_softcapping", Neutral.of(0, SOFT_CAPS)),
          Map.entry("final_logit_softcapping", Neutral.of(0, SOFT_CAPS)),
          Map.entry("router_logit_softcapping", Neutral.of(0, SOFT_CAPS)),
          Map.entry("pooling_type", Neutral.of(0, "an embedding model generates no text")),
          Map.entry("nextn_predict_layers", Neutral.of(0, "prediction layers are not supported")),
          Map.entry("attention.causal", Neutral.of(1, "attention to later tokens is no option")),
          Map.entry(
              "attention.scale", Neutral.of(0, "an attention scale is not supported for this one")),
          Map.entry("attention.sliding_window", Neutral.of(0, WINDOW)),
          Map.entry("attention.clamp_kqv", Neutral.of(0, "clamped attention is not supported")),
          Map.entry("attention.max_alibi_bias", Neutral.of(0, "ALiBi is not supported")),
          Map.entry("attention.sliding_window_pattern", new Neutral(Set.of(), WINDOW)),
          Map.entry("rope.freq_base_swa", new Neutral(Set.of(), WINDOW)),
          Map.entry("attention.shared_kv_layers", Neutral.of(0, "shared layers are unsupported")),
          Map.entry("rope.scaling.alpha", new Neutral(Set.of(0., 1.), "NTK scaling is no option")),
          Map.entry("rope.scaling.attn_factor", Neutral.of(1, YARN)),
          Map.entry("rope.scaling.yarn_attn_factor", Neutral.of(1, YARN)),
          Map.entry("rope.scaling.yarn_ext_factor", new Neutral(Set.of(-1., 0.), YARN)),
          Map.entry("rope.scaling.yarn_log_multiplier", Neutral.of(0, YARN)));

  private GgufArchitectureKeys() {}

  /**
   * @throws ModelFormatException if the file has a key that this engine does not support; the
   *     message names it
   */
  static void requireSupported(GgufMetadata metadata, GgufArchitecture architecture) {
    String prefix = architecture.key() + '.';
    for (String key : new TreeSet<>(metadata.keys())) {
      if (key.startsWith(prefix)) {
        String name = key.substring(prefix.length());
        if (!architecture.keys().contains(name)) {
          requireSupported(metadata, key, name);
        }
      }
    }
    if (architecture == GgufArchitecture.GRANITE) {
      // llama.cpp reads this key as whether the model has a rotary embedding.
      String key = prefix + "rope.scaling.finetuned";
      if (!metadata.bool(key).orElse(true)) {
        throw metadata.problem(key, "false: Granite without rotary embedding is not supported");
      }
    }
  }

  private static void requireSupported(GgufMetadata metadata, String key, String name) {
    if (READ.contains(name) || WITHOUT_EFFECT.contains(name)) {
      return;
    }
    Neutral neutral = NEUTRAL.get(name);
    if (neutral == null) {
      throw metadata.problem(
          key, "is not known here and may change what the model computes; the model is refused");
    }
    Optional<Double> value = metadata.scalar(key);
    if (value.filter(neutral.values::contains).isEmpty()) {
      throw metadata.problem(
          key, value.map(number -> number + ": ").orElse("") + neutral.otherwise);
    }
  }
}
