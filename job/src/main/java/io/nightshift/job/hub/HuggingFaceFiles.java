package io.nightshift.job.hub;

import java.util.Set;

/** Which files of a model in Hugging Face's format are read. */
final class HuggingFaceFiles {
  static final String WEIGHTS = "model*.safetensors";

  /** Configuration, tokenizer and chat template: all that is read besides weights. */
  static final Set<String> DESCRIPTION =
      Set.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.jinja");

  private HuggingFaceFiles() {}

  static boolean isDescription(String name) {
    return DESCRIPTION.contains(name);
  }

  /** Some repositories also have the weights in the publisher's own layout, under other names. */
  static boolean isWeights(String name) {
    return name.matches("model(-\\d+-of-\\d+)?\\.safetensors(\\.index\\.json)?");
  }
}
