package io.nightshift.job.pipeline;

import io.nightshift.job.hub.LocatedModel;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;

/**
 * A model as it is without its weights.
 *
 * @param located path and identity of the model
 * @param engines make the engines of the tasks
 */
record DescribedModel(LocatedModel located, ModelDescription description, EngineFactory engines) {

  /**
   * Describes a model.
   *
   * @throws InvalidJobException if the model cannot be read
   */
  static DescribedModel of(LocatedModel located, EngineFactory engines) {
    try {
      return new DescribedModel(located, ModelFormats.describe(located.path()), engines);
    } catch (ModelFormatException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Opens its tokenizer.
   *
   * @throws InvalidJobException if that cannot be read, or has tokens that the model does not have
   */
  Tokenizer tokenizer() {
    Tokenizer tokenizer = open();
    try {
      TextTokens.requireEmbeddings(located.path(), description, tokenizer);
      return tokenizer;
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private Tokenizer open() {
    try {
      return Tokenizers.open(description.tokenizerSource());
    } catch (ModelFormatException e) {
      throw new InvalidJobException(located.path() + ": " + e.getMessage(), e);
    }
  }
}
