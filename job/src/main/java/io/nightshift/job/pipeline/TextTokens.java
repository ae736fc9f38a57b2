package io.nightshift.job.pipeline;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.nio.file.Path;

/**
 * Whether a model has an embedding for every token that text may become. Published models have more
 * embeddings than tokens, or control tokens without an embedding, such as Gemma 3's placeholder of
 * images, which no prompt has unless a template writes it.
 */
final class TextTokens {
  private TextTokens() {}

  /**
   * @param path of the model, for the message
   * @throws InvalidJobException if the tokenizer has tokens for which the model has no embeddings
   */
  static void requireEmbeddings(Path path, ModelDescription model, Tokenizer tokenizer) {
    int embeddings = model.config().vocabularySize();
    int tokens = tokenizer.textVocabularySize();
    if (tokens > embeddings) {
      throw new InvalidJobException(
          "%s: text may become any of %s tokens of tokenizer.json, up to %s (\"%s\"), but the model has embeddings of %s (vocab_size in config.json): use the tokenizer that the model was trained with"
              .formatted(path, tokens, tokens - 1, tokenizer.tokenText(tokens - 1), embeddings));
    }
  }
}
