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
   * The tokenizer of a model. Needs no network; encodes on its callers' threads only.
   *
   * @throws ModelFormatException if the source is malformed or of a kind that is not supported
   */
  public static Tokenizer open(TokenizerSource source) {
    return open(source, 1);
  }

  /**
   * The tokenizer of a model, with the number of threads, the caller's included, that {@link
   * Tokenizer#encodePrompts} may keep busy.
   *
   * @throws ModelFormatException if the source is malformed or of a kind that is not supported
   */
  public static Tokenizer open(TokenizerSource source, int threads) {
    TokenizerDefinition definition =
        source instanceof GgufVocabulary vocabulary
            ? TokenizerDefinition.of(GgufTokenizer.toTokenizerJson(vocabulary))
            : TokenizerDefinition.parse(((TokenizerJson) source).json());
    return new SegmentTokenizer(definition, BeginningOfText.of(source, definition), threads);
  }
}
