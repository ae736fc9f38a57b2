package io.nightshift.runtime.tokenizer.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.ModelFormatException;

/** Builds the {@code tokenizer.json} of a GGUF file. */
public final class GgufTokenizer {

  private GgufTokenizer() {}

  /**
   * A {@code tokenizer.json} that produces the same ids as the vocabulary in llama.cpp and as the
   * model's own {@code tokenizer.json} in Hugging Face transformers.
   *
   * <p>A {@code t5} vocabulary is assumed to have no character map, since {@link GgufVocabulary}
   * does not contain one.
   *
   * @throws ModelFormatException if the vocabulary is inconsistent, or its type or pre-tokenizer is
   *     not supported
   */
  public static ObjectNode toTokenizerJson(GgufVocabulary source) {
    TokenTable tokens = new TokenTable(source);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", "1.0");
    addedTokens(json.putArray("added_tokens"), tokens);
    switch (source.model()) {
      case "gpt2" -> ByteLevelBpe.describe(json, source, tokens);
      case "llama" -> SentencePieceBpe.describe(json, source, tokens);
      case "t5" -> Unigram.describe(json, source, tokens);
      default ->
          throw new ModelFormatException(
              "tokenizer.ggml.model is "
                  + source.model()
                  + "; supported are gpt2 (byte-level BPE), llama (SentencePiece BPE) and t5"
                  + " (Unigram)");
    }
    return json;
  }

  /**
   * Whether the tokenizer adds its beginning-of-sequence token before a text: as the file specifies
   * or, by default, as llama.cpp does for its type of tokenizer.
   *
   * @throws ModelFormatException if this depends on a pre-tokenizer that is not supported
   */
  public static boolean addsBos(GgufVocabulary source) {
    return source.addBos().isPresent()
        ? source.addBos().get()
        : switch (source.model()) {
          case "gpt2" -> PreTokenizer.named(source.pre()).addBos();
          case "llama" -> true;
          default -> false;
        };
  }

  private static void addedTokens(ArrayNode added, TokenTable tokens) {
    for (int id = 0; id < tokens.size(); id++) {
      boolean control = tokens.isControl(id);
      if (control || tokens.type(id) == TokenType.USER_DEFINED) {
        added
            .addObject()
            .put("id", id)
            .put("content", tokens.text(id))
            .put("special", control)
            .put("normalized", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("single_word", false);
      }
    }
  }
}
