package io.nightshift.runtime.tokenizer.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.ModelFormatException;

/**
 * {@code tokenizer.ggml.model = t5}: SentencePiece's Unigram model (Kudo, 2018), which finds the
 * most probable segmentation. Scores are log probabilities.
 */
final class Unigram {

  private Unigram() {}

  static void describe(ObjectNode json, GgufVocabulary source, TokenTable tokens) {
    float[] scores = Scores.of(source);
    if (source.unknown().isEmpty()) {
      throw new ModelFormatException(
          "tokenizer.ggml.unknown_token_id is missing; a t5 tokenizer needs it");
    }
    json.putObject("pre_tokenizer")
        .put("type", "Metaspace")
        .put("replacement", SentencePieceText.SPACE)
        .put("prepend_scheme", source.addSpacePrefix() ? "always" : "never")
        .put("split", false);
    SentencePieceText.decoder(json.putObject("decoder"), source.addSpacePrefix());

    ObjectNode model = json.putObject("model").put("type", "Unigram");
    model.put("unk_id", source.unknown().getAsInt()).put("byte_fallback", tokens.hasBytes());
    ArrayNode vocabulary = model.putArray("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      // As a double: the shortest decimal of a float would be another double when it is parsed.
      String text = tokens.isUnused(id) ? "" : tokens.text(id);
      vocabulary.addArray().add(text).add((double) scores[id]);
    }
  }
}
