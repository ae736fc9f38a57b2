package io.nightshift.runtime.model;

import java.util.Map;
import java.util.Optional;

/**
 * The tokenizer of a Hugging Face folder.
 *
 * @param json content of the folder's {@code tokenizer.json}
 * @param specialTokens special tokens of {@code tokenizer_config.json} or {@code
 *     special_tokens_map.json}
 * @param addBos {@code add_bos_token} of {@code tokenizer_config.json}; empty if absent
 */
public record TokenizerJson(
    String json, Map<String, String> specialTokens, Optional<Boolean> addBos)
    implements TokenizerSource {

  public TokenizerJson {
    specialTokens = Map.copyOf(specialTokens);
  }

  /** A {@code tokenizer.json} without a {@code tokenizer_config.json}. */
  public TokenizerJson(String json) {
    this(json, Map.of(), Optional.empty());
  }

  @Override
  public Optional<String> endOfTurn() {
    return Optional.ofNullable(specialTokens.get("eos_token"));
  }
}
