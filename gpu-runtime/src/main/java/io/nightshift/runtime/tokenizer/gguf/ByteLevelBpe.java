package io.nightshift.runtime.tokenizer.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.ModelFormatException;
import java.util.List;

/** {@code tokenizer.ggml.model = gpt2}: byte-level BPE after a pre-tokenizer known by name. */
final class ByteLevelBpe {

  private ByteLevelBpe() {}

  static void describe(ObjectNode json, GgufVocabulary source, TokenTable tokens) {
    PreTokenizer preTokenizer = PreTokenizer.named(source.pre());
    if (preTokenizer.normalizer() != null) {
      json.putObject("normalizer").put("type", preTokenizer.normalizer());
    }
    ArrayNode steps =
        json.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
    for (String expression : preTokenizer.splits()) {
      ObjectNode split = steps.addObject().put("type", "Split");
      split.putObject("pattern").put("Regex", expression);
      split.put("behavior", "Isolated").put("invert", false);
    }
    byteLevel(steps.addObject()).put("use_regex", false);
    byteLevel(json.putObject("decoder")).put("use_regex", false);

    ObjectNode model = json.putObject("model").put("type", "BPE");
    model.put("ignore_merges", preTokenizer.ignoreMerges());
    tokens.writeTo(model.putObject("vocab"));
    merges(model.putArray("merges"), source.merges(), tokens);
  }

  private static void merges(ArrayNode target, List<String> merges, TokenTable tokens) {
    if (merges.isEmpty() && tokens.hasWords()) {
      throw new ModelFormatException(
          "tokenizer.ggml.merges is missing or empty; without it, a gpt2 tokenizer never makes the"
              + " tokens of more than one character");
    }
    for (int rank = 0; rank < merges.size(); rank++) {
      String merge = merges.get(rank);
      int space = merge.indexOf(' ', 1);
      if (space < 0) {
        throw invalid(rank, merge, "expected \"left right\"");
      }
      String left = merge.substring(0, space);
      String right = merge.substring(space + 1);
      for (String token : List.of(left, right, left + right)) {
        Integer id = tokens.id(token);
        if (id == null) {
          throw invalid(rank, merge, "the vocabulary has no \"" + token + '"');
        }
        if (tokens.isUnused(id)) {
          throw invalid(
              rank, merge, "tokenizer.ggml.token_type says that \"" + token + "\" is unused");
        }
      }
      target.addArray().add(left).add(right);
    }
  }

  private static ModelFormatException invalid(int rank, String merge, String problem) {
    return new ModelFormatException(
        "tokenizer.ggml.merges[" + rank + "] is \"" + merge + "\"; " + problem);
  }

  private static ObjectNode byteLevel(ObjectNode step) {
    return step.put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", false);
  }
}
