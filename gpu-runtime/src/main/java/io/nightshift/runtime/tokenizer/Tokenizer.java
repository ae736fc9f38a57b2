package io.nightshift.runtime.tokenizer;

import java.util.List;
import java.util.OptionalInt;

/**
 * A model's tokenizer. Thread-safe.
 *
 * <p>Texts are Unicode: an unpaired surrogate in a string is treated as U+FFFD.
 */
public interface Tokenizer extends AutoCloseable {

  /**
   * Token ids of plain text. Control tokens in it, such as an end-of-turn marker, are tokenized as
   * text. No tokens are added before or after.
   */
  int[] encode(String text);

  /**
   * Token ids of a rendered prompt. Control tokens become their ids where the prompt allows them.
   * The text between two of them is encoded as one segment, so that tokens may span the boundary
   * between a template's text and a row's. No tokens are added before or after: a chat template
   * writes its own beginning-of-sequence token.
   *
   * <p>Equals {@code tokenizer(rendered, add_special_tokens=False)} of Hugging Face transformers
   * for a prompt that allows control tokens everywhere. Recurring segments are cached.
   */
  int[] encodePrompt(RenderedPrompt rendered);

  /**
   * Adds what the model's own tokenizer adds before a text, its beginning-of-sequence token or
   * nothing, to the tokens of a prompt without a chat template. Tokens that already begin with it
   * are returned unchanged. The end-of-sequence token that some tokenizers add after a text is not
   * added, because the answer follows.
   *
   * @throws io.nightshift.runtime.model.ModelFormatException if the model's tokenizer adds a token
   *     before a text, but the model does not define it or the tokenizer lacks it
   */
  int[] withBeginning(int[] tokens);

  /** {@link #encodePrompt} of each prompt, in order, on the threads of the tokenizer. */
  List<int[]> encodePrompts(List<RenderedPrompt> rendered);

  /**
   * The text of token ids. Control tokens are omitted, as are ids without a token, which padded
   * embedding matrices have. Invalid UTF-8 becomes U+FFFD.
   */
  String decode(int[] tokens);

  /**
   * The text of one token by itself: that of a control token is its content. Bytes that are not
   * valid UTF-8, such as a part of a character, become U+FFFD; an id without a token has no text.
   */
  String tokenText(int token);

  /** A decoder for one answer while it is being generated. */
  IncrementalDecoder incrementalDecoder();

  /**
   * The bytes of a token in a decoded text; none for a control token and for an id without a token.
   * They need not be whole characters.
   */
  byte[] tokenBytes(int token);

  /**
   * Maximum number of spaces that are left out at the beginning of a decoded text: those that the
   * tokenizer adds before every text.
   */
  int leadingSpaces();

  /** The id of a token by its exact content, control tokens included. */
  OptionalInt tokenId(String token);

  /** One more than the largest token id. */
  int vocabularySize();

  /** One more than the largest id that is not a control token's: those that text may become. */
  int textVocabularySize();

  /** Upper bound on the number of characters of text per token, control tokens included. */
  int longestToken();

  @Override
  void close();
}
