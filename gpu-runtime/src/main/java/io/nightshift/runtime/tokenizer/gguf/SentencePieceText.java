package io.nightshift.runtime.tokenizer.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Representation of spaces and bytes, which SentencePiece's models have in common. */
final class SentencePieceText {

  /** Stands for a space. */
  static final String SPACE = "\u2581";

  private SentencePieceText() {}

  /**
   * A piece that users define as the model has it. The converter of llama.cpp writes such pieces as
   * they stand in a text, those of nothing but spaces, which Gemma has, with spaces.
   */
  static String userDefinedPiece(String written) {
    return written.replace(" ", "").isEmpty() ? SPACE.repeat(written.length()) : written;
  }

  static void decoder(ObjectNode decoder, boolean spacePrefix) {
    ArrayNode steps = decoder.put("type", "Sequence").putArray("decoders");
    steps
        .addObject()
        .put("type", "Replace")
        .put("content", " ")
        .putObject("pattern")
        .put("String", SPACE);
    steps.addObject().put("type", "ByteFallback");
    steps.addObject().put("type", "Fuse");
    if (spacePrefix) {
      steps.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
    }
  }
}
