package io.nightshift.runtime.model;

import java.util.Map;

/**
 * A model's own chat template.
 *
 * @param source Jinja source text
 * @param specialTokens variables that the template may use: {@code bos_token}, {@code eos_token},
 *     {@code pad_token} and {@code unk_token}, if the model defines them
 */
public record ChatTemplate(String source, Map<String, String> specialTokens) {

  public ChatTemplate {
    specialTokens = Map.copyOf(specialTokens);
  }
}
