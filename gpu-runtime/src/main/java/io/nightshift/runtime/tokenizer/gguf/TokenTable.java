package io.nightshift.runtime.tokenizer.gguf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.ModelFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The validated tokens of a GGUF vocabulary: their texts are distinct and their types known. */
final class TokenTable {

  private final List<String> texts;
  private final TokenType[] types;
  private final boolean[] control;
  private final Map<String, Integer> ids;

  TokenTable(GgufVocabulary source) {
    int size = source.tokens().size();
    texts = new ArrayList<>(size);
    int[] given = source.tokenTypes();
    if (given.length != size) {
      throw new ModelFormatException(
          "tokenizer.ggml.token_type "
              + (given.length == 0 ? "is missing" : "has " + given.length + " entries")
              + "; it must tell control tokens from text for each of "
              + size
              + " tokens");
    }
    types = new TokenType[size];
    control = new boolean[size];
    ids = new HashMap<>(2 * size);
    for (int id = 0; id < size; id++) {
      types[id] = TokenType.of(given[id], id);
      control[id] = types[id] == TokenType.CONTROL || types[id] == TokenType.UNKNOWN;
      texts.add(text(source, id, types[id]));
      Integer other = ids.put(texts.get(id), id);
      if (other != null) {
        throw new ModelFormatException(
            "tokenizer.ggml.tokens has \""
                + texts.get(id)
                + "\" twice, as "
                + other
                + " and "
                + id);
      }
    }
    // Some files declare these as normal tokens.
    source.bos().ifPresent(id -> control[id] = true);
    source.eos().ifPresent(id -> control[id] = true);
  }

  private static String text(GgufVocabulary source, int id, TokenType type) {
    String written = source.tokens().get(id);
    return type == TokenType.USER_DEFINED && !source.model().equals("gpt2")
        ? SentencePieceText.userDefinedPiece(written)
        : written;
  }

  int size() {
    return texts.size();
  }

  String text(int id) {
    return texts.get(id);
  }

  @Nullable Integer id(String text) {
    return ids.get(text);
  }

  TokenType type(int id) {
    return types[id];
  }

  /** Whether text never becomes this token, nor the token text: it fills an id up. */
  boolean isUnused(int id) {
    return types[id] == TokenType.UNUSED && !control[id];
  }

  /** Whether the token does not represent text. */
  boolean isControl(int id) {
    return control[id];
  }

  boolean hasBytes() {
    return bytes() > 0;
  }

  /** Number of tokens that represent a byte. 256 of them can represent any text. */
  int bytes() {
    return Collections.frequency(Arrays.asList(types), TokenType.BYTE);
  }

  /** Whether a token of text has more than one character, which requires merges. */
  boolean hasWords() {
    for (int id = 0; id < size(); id++) {
      if (types[id] == TokenType.NORMAL
          && !control[id]
          && texts.get(id).codePointCount(0, texts.get(id).length()) > 1) {
        return true;
      }
    }
    return false;
  }

  /** Writes the {@code model.vocab} of a BPE model, which need not have all ids. */
  void writeTo(ObjectNode vocabulary) {
    for (int id = 0; id < size(); id++) {
      if (!isUnused(id)) {
        vocabulary.put(texts.get(id), id);
      }
    }
  }
}
