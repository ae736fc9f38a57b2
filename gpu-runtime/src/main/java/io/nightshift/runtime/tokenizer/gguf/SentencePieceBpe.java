package io.nightshift.runtime.tokenizer.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.ModelFormatException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * {@code tokenizer.ggml.model = llama}: SentencePiece's BPE, whose vocabulary has scores instead of
 * merges. Any two tokens that together are a third one are a merge. Merges are ordered by
 * descending score of the result, and those of equal score as by the converter of Hugging Face
 * transformers.
 */
final class SentencePieceBpe {

  private static final int ALL_BYTES = 256;

  private record Merge(String left, String right, int leftId, int rightId, float score) {}

  private SentencePieceBpe() {}

  static void describe(ObjectNode json, GgufVocabulary source, TokenTable tokens) {
    float[] scores = Scores.of(source);
    if (source.unknown().isEmpty() && tokens.bytes() < ALL_BYTES) {
      throw new ModelFormatException(
          "tokenizer.ggml.unknown_token_id is missing, and tokenizer.ggml.token_type marks "
              + tokens.bytes()
              + " tokens as bytes, of "
              + ALL_BYTES
              + "; text that the vocabulary does not have would be lost");
    }
    // As in llama.cpp and in the legacy mode of transformers: before every segment, not only the
    // first.
    ObjectNode normalizer = json.putObject("normalizer").put("type", "Sequence");
    ArrayNode steps = normalizer.putArray("normalizers");
    if (source.addSpacePrefix()) {
      steps.addObject().put("type", "Prepend").put("prepend", SentencePieceText.SPACE);
    }
    steps
        .addObject()
        .put("type", "Replace")
        .put("content", SentencePieceText.SPACE)
        .putObject("pattern")
        .put("String", " ");
    SentencePieceText.decoder(json.putObject("decoder"), source.addSpacePrefix());

    ObjectNode model = json.putObject("model").put("type", "BPE");
    source.unknown().ifPresent(id -> model.put("unk_token", tokens.text(id)));
    model.put("fuse_unk", true).put("byte_fallback", tokens.hasBytes());
    tokens.writeTo(model.putObject("vocab"));
    ArrayNode merges = model.putArray("merges");
    for (Merge merge : merges(scores, tokens)) {
      merges.addArray().add(merge.left()).add(merge.right());
    }
  }

  private static List<Merge> merges(float[] scores, TokenTable tokens) {
    List<Merge> all = new ArrayList<>();
    List<Merge> ofToken = new ArrayList<>();
    for (int id = 0; id < tokens.size(); id++) {
      if (!isMergeable(id, tokens)) {
        continue;
      }
      String text = tokens.text(id);
      for (int cut = text.offsetByCodePoints(0, 1);
          cut < text.length();
          cut = text.offsetByCodePoints(cut, 1)) {
        String left = text.substring(0, cut);
        String right = text.substring(cut);
        Integer leftId = tokens.id(left);
        Integer rightId = tokens.id(right);
        if (leftId != null
            && rightId != null
            && isMergeable(leftId, tokens)
            && isMergeable(rightId, tokens)) {
          ofToken.add(new Merge(left, right, leftId, rightId, scores[id]));
        }
      }
      ofToken.sort(Comparator.comparingInt(Merge::leftId).thenComparingInt(Merge::rightId));
      all.addAll(ofToken);
      ofToken.clear();
    }
    all.sort(
        Comparator.comparing(Merge::score)
            .thenComparingInt(merge -> characters(merge.left()))
            .thenComparingInt(merge -> characters(merge.right()))
            .reversed());
    return all;
  }

  /** Control, byte and unused tokens have names rather than text. */
  private static boolean isMergeable(int id, TokenTable tokens) {
    return !tokens.isControl(id)
        && !tokens.isUnused(id)
        && tokens.type(id) != TokenType.BYTE
        && !tokens.text(id).isEmpty();
  }

  private static int characters(String text) {
    return text.codePointCount(0, text.length());
  }
}
