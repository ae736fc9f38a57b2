package io.nightshift.job.pipeline;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.operators.render.PromptRenderer;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The special tokens that a job needs of its model. A model may lack any of them, or name one that
 * its tokenizer does not have; that is refused only if the job needs the token.
 *
 * @param path of the model, for messages
 */
record SpecialTokens(Path path, ModelDescription model, Tokenizer tokenizer) {

  private static final String WHY_THE_END =
      "one of answer.choices is the beginning of another, so that the end of the model's turn must"
          + " tell them apart, but ";

  /**
   * Checks the tokens that prompts begin with, or that the model's chat template writes.
   *
   * @throws InvalidJobException if the tokenizer lacks one of them
   */
  void requireForPrompts(PromptSpecification prompt, PromptRenderer renderer) {
    if (prompt.isPlainText()) {
      requireBeginning();
    }
    requireWritten(renderer.specialTokens());
  }

  /**
   * Checks the token that prompts without a chat template begin with.
   *
   * @throws InvalidJobException if the tokenizer lacks it
   */
  void requireBeginning() {
    try {
      tokenizer.withBeginning(new int[0]);
    } catch (ModelFormatException e) {
      throw new InvalidJobException(path + ": " + e.getMessage(), e);
    }
  }

  /**
   * Checks tokens that the model's chat template writes.
   *
   * @param written their contents by name
   * @throws InvalidJobException if the tokenizer lacks one of them
   */
  void requireWritten(Map<String, String> written) {
    written.forEach(
        (name, content) -> {
          if (tokenizer.encodePrompt(RenderedPrompt.trusted(content)).length != 1) {
            throw new InvalidJobException(
                "%s: the chat template writes %s, which is \"%s\", but the tokenizer has no such token"
                    .formatted(path, name, content));
          }
        });
  }

  /**
   * The token that ends the model's turn: the one that the model names as such (its {@code
   * eos_token}, or a GGUF file's {@code tokenizer.ggml.eot_token_id}), or else the first of its
   * end-of-sequence tokens.
   *
   * @throws InvalidJobException if the model names none, or one that its tokenizer lacks
   */
  int endOfTurn() {
    Optional<String> named = model.tokenizerSource().endOfTurn();
    if (named.isPresent()) {
      OptionalInt id = tokenizer.tokenId(named.get());
      if (id.isEmpty() || id.getAsInt() >= model.config().vocabularySize()) {
        throw new InvalidJobException(
            WHY_THE_END
                + "%s: the eos_token, \"%s\", is not in the model's vocabulary"
                    .formatted(path, named.get()));
      }
      return id.getAsInt();
    }
    Iterator<Integer> ends = model.config().endOfSequenceTokens().iterator();
    if (!ends.hasNext()) {
      throw new InvalidJobException(
          WHY_THE_END + path + ": the model names no end-of-sequence token (eos_token_id)");
    }
    int end = ends.next();
    if (end >= tokenizer.vocabularySize()) {
      throw new InvalidJobException(
          WHY_THE_END
              + "%s: the tokenizer has no token with the model's eos_token_id, %s"
                  .formatted(path, end));
    }
    return end;
  }
}
