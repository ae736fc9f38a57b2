package io.nightshift.runtime.engine;

/** The one thing that the engine wants of a tokenizer. */
@FunctionalInterface
public interface Detokenizer {

  /** The text of token ids; bytes that are no valid UTF-8 become U+FFFD. */
  String decode(int[] tokens);
}
