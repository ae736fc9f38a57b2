package io.nightshift.runtime.engine;

/** Converts token ids to text. */
@FunctionalInterface
public interface Detokenizer {

  /** Decodes token ids. Bytes that are not valid UTF-8 become U+FFFD. */
  String decode(int[] tokens);
}
