package io.nightshift.runtime.model;

import java.util.Map;
import java.util.Optional;

/** What a model brings to build its tokenizer from. */
public sealed interface TokenizerSource permits TokenizerJson, GgufVocabulary {

  /**
   * Contents of the special tokens that the model names: {@code bos_token}, {@code eos_token},
   * {@code pad_token}, {@code unk_token}. Whether the tokenizer has them is not checked.
   */
  Map<String, String> specialTokens();

  /** Content of the token that ends a turn of the model, where the model names one. */
  Optional<String> endOfTurn();
}
