package io.nightshift.runtime.model.huggingface;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.weights.StoredTensor;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Weights that were saved from the base model, as those of models for embeddings are (class {@code
 * Qwen3Model}, for instance, and not {@code Qwen3ForCausalLM}): names usually lack the prefix
 * {@code model.}, and there is no output projection unless it is the embedding matrix.
 */
final class BaseModelWeights {
  private static final String PREFIX = "model.";
  private static final String OUTPUT_MODULE = "lm_head.";

  private BaseModelWeights() {}

  /** Tensors by the names that they have in the language model. */
  static Map<String, StoredTensor> renamed(Map<String, StoredTensor> stored) {
    return isBaseModel(stored)
        ? stored.entrySet().stream()
            .collect(Collectors.toMap(entry -> renamed(entry.getKey()), Map.Entry::getValue))
        : stored;
  }

  /** Whether a model has weights for logits, which may be quantized and then have other names. */
  static boolean hasOutputProjection(ModelConfig config, Map<String, StoredTensor> stored) {
    return config.tiedEmbeddings()
        || stored.keySet().stream().anyMatch(name -> name.startsWith(OUTPUT_MODULE));
  }

  private static boolean isBaseModel(Map<String, StoredTensor> stored) {
    return stored.containsKey("embed_tokens.weight");
  }

  private static String renamed(String name) {
    return name.startsWith(OUTPUT_MODULE) || name.startsWith(PREFIX) ? name : PREFIX + name;
  }
}
