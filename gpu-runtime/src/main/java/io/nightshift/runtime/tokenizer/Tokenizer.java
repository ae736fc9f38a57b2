package io.nightshift.runtime.tokenizer;

import java.util.OptionalInt;

/** A model's tokenizer. Thread-safe. */
public interface Tokenizer extends AutoCloseable {

  /**
   * Token ids of plain text: control tokens in it (an end-of-turn marker, say) are tokenized as the
   * text they are, and nothing is added in front or behind.
   */
  int[] encode(String text);

  /**
   * Makes text that came from a row safe to be put into a template: what would read as a control
   * token in {@link #encodePrompt} is marked as text. Text without control tokens comes back as it
   * is.
   */
  String protect(String rowText);

  /**
   * Token ids of a rendered prompt: control tokens become their ids, except where {@link #protect}
   * has marked them as text; what lies between them is encoded as one segment each. Nothing is
   * added in front or behind: a chat template writes its own beginning-of-sequence token.
   */
  int[] encodePrompt(String rendered);

  /**
   * The text of token ids; control tokens are left out, bytes that are no valid UTF-8 become
   * U+FFFD.
   */
  String decode(int[] tokens);

  /** The id of a token by its exact content, control tokens included. */
  OptionalInt tokenId(String token);

  /** One more than the largest token id. */
  int vocabularySize();

  @Override
  void close();
}
