package io.nightshift.runtime.tokenizer;

import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.TokenizerJson;
import io.nightshift.runtime.model.TokenizerSource;
import io.nightshift.runtime.tokenizer.gguf.GgufTokenizer;

/** Opens tokenizers. */
public final class Tokenizers {

  private Tokenizers() {}

  /**
   * Opens the tokenizer of a model, which encodes on its callers' threads only.
   *
   * @throws ModelFormatException if the source is malformed or not supported
   */
  public static Tokenizer open(TokenizerSource source) {
    return open(source, 1);
  }

  /**
   * Opens the tokenizer of a model.
   *
   * @param threads maximum number of threads of {@link Tokenizer#encodePrompts}, including the
   *     caller's
   * @throws ModelFormatException if the source is malformed or not supported
   */
  public static Tokenizer open(TokenizerSource source, int threads) {
    TokenizerDefinition definition =
        source instanceof GgufVocabulary vocabulary
            ? TokenizerDefinition.of(GgufTokenizer.toTokenizerJson(vocabulary))
            : TokenizerDefinition.parse(((TokenizerJson) source).json());
    return new SegmentTokenizer(definition, BeginningOfText.of(source, definition), threads);
  }
}
