package io.nightshift.runtime.model;

import java.util.Map;
import java.util.Optional;

/** Definition of a tokenizer in a model's files. */
public sealed interface TokenizerSource permits TokenizerJson, GgufVocabulary {

  /**
   * Contents of the special tokens that the model defines: {@code bos_token}, {@code eos_token},
   * {@code pad_token} and {@code unk_token}. They need not be in the tokenizer's vocabulary.
   */
  Map<String, String> specialTokens();

  /** Content of the token that ends a turn of the model, if the model defines one. */
  Optional<String> endOfTurn();
}
