package io.nightshift.runtime.tokenizer;

import java.util.List;
import java.util.OptionalInt;

/**
 * A model's tokenizer. Thread-safe.
 *
 * <p>Texts are Unicode: an unpaired surrogate in a string counts as U+FFFD.
 */
public interface Tokenizer extends AutoCloseable {

  /**
   * Token ids of plain text: control tokens in it (an end-of-turn marker, say) are tokenized as the
   * text they are, and nothing is added in front or behind.
   */
  int[] encode(String text);

  /**
   * Token ids of a rendered prompt: control tokens become their ids where the prompt allows them;
   * what lies between them is encoded as one segment each, so that tokens may span the border
   * between a template's text and a row's. Nothing is added in front or behind: a chat template
   * writes its own beginning-of-sequence token.
   *
   * <p>Equals {@code tokenizer(rendered, add_special_tokens=False)} of Hugging Face transformers
   * for a prompt that allows control tokens everywhere. A segment that recurs from prompt to prompt
   * is encoded once.
   */
  int[] encodePrompt(RenderedPrompt rendered);

  /**
   * The tokens of a prompt that was written without a chat template, with what the model's own
   * tokenizer sets before a text: its beginning-of-sequence token, or nothing. Tokens that begin
   * with it already come back as they are. What some tokenizers set behind a text, an
   * end-of-sequence token, is not added: the answer goes there.
   *
   * @throws io.nightshift.runtime.model.ModelFormatException if the model says that its tokenizer
   *     sets a token before a text and does not say which, or the tokenizer lacks it
   */
  int[] withBeginning(int[] tokens);

  /**
   * {@link #encodePrompt} of each prompt, in order, on the threads that the tokenizer was given.
   */
  List<int[]> encodePrompts(List<RenderedPrompt> rendered);

  /**
   * The text of token ids; control tokens are left out, as are ids that have no token (embedding
   * matrices are padded); bytes that are no valid UTF-8 become U+FFFD.
   */
  String decode(int[] tokens);

  /** Decodes one answer while it is being generated. */
  IncrementalDecoder incrementalDecoder();

  /** The id of a token by its exact content, control tokens included. */
  OptionalInt tokenId(String token);

  /** One more than the largest token id. */
  int vocabularySize();

  /** Most characters of a text that one token stands for, control tokens included. */
  int longestToken();

  @Override
  void close();
}
