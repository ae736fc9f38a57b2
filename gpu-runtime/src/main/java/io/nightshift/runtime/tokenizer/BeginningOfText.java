package io.nightshift.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.TokenizerJson;
import io.nightshift.runtime.model.TokenizerSource;
import io.nightshift.runtime.tokenizer.gguf.GgufTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a model's own tokenizer adds before a text: usually its beginning-of-sequence
 * token or nothing.
 *
 * <p>In a Hugging Face folder, {@code add_bos_token} of {@code tokenizer_config.json} decides or,
 * if it is absent, the {@code post_processor} of {@code tokenizer.json}. In a GGUF file, {@code
 * tokenizer.ggml.add_bos_token} decides or, if it is absent, llama.cpp's default for the type of
 * tokenizer.
 */
final class BeginningOfText {

  private final int[] ids;
  private final @Nullable ModelFormatException problem;

  private BeginningOfText(int[] ids, @Nullable ModelFormatException problem) {
    this.ids = ids;
    this.problem = problem;
  }

  /** Reads the tokens of a model. An invalid definition only fails in {@link #prepend}. */
  static BeginningOfText of(TokenizerSource source, TokenizerDefinition definition) {
    try {
      int[] ids =
          source instanceof GgufVocabulary vocabulary
              ? ids(vocabulary)
              : ids((TokenizerJson) source, definition);
      requireInVocabulary(ids, definition.vocabularySize());
      return new BeginningOfText(ids, null);
    } catch (ModelFormatException e) {
      return new BeginningOfText(new int[0], e);
    }
  }

  /**
   * Adds the tokens before {@code tokens}, unless these already begin with them.
   *
   * @throws ModelFormatException if the tokenizer lacks a token that it adds before a text
   */
  int[] prepend(int[] tokens) {
    if (problem != null) {
      throw new ModelFormatException(String.valueOf(problem.getMessage()), problem);
    }
    if (tokens.length >= ids.length && Arrays.equals(ids, 0, ids.length, tokens, 0, ids.length)) {
      return tokens;
    }
    int[] all = Arrays.copyOf(ids, ids.length + tokens.length);
    System.arraycopy(tokens, 0, all, ids.length, tokens.length);
    return all;
  }

  private static void requireInVocabulary(int[] ids, int vocabularySize) {
    for (int id : ids) {
      if (id >= vocabularySize) {
        throw new ModelFormatException(
            "tokenizer.json, post_processor: sets token %s before every text, but there are %s"
                    .formatted(id, vocabularySize)
                + " tokens");
      }
    }
  }

  private static int[] ids(GgufVocabulary source) {
    if (!GgufTokenizer.addsBos(source)) {
      return new int[0];
    }
    int bos =
        source
            .bos()
            .orElseThrow(
                () ->
                    new ModelFormatException(
                        "tokenizer.ggml.bos_token_id is missing, but the tokenizer begins every"
                            + " text with that token; add the key, or set"
                            + " tokenizer.ggml.add_bos_token to false"));
    return new int[] {bos};
  }

  private static int[] ids(TokenizerJson source, TokenizerDefinition definition) {
    int[] processed =
        added(definition.json().path("post_processor")).stream()
            .mapToInt(Integer::intValue)
            .toArray();
    if (source.addBos().isEmpty()) {
      return processed;
    }
    @Nullable String content = source.specialTokens().get("bos_token");
    @Nullable Integer bos = content == null ? null : definition.vocabulary().get(content);
    if (!source.addBos().get()) {
      return Arrays.stream(processed).filter(id -> bos == null || id != bos).toArray();
    }
    if (bos == null) {
      throw new ModelFormatException(
          "tokenizer_config.json: add_bos_token is true, but bos_token is "
              + (content == null ? "missing" : '"' + content + "\", which tokenizer.json lacks"));
    }
    return processed.length == 0 ? new int[] {bos} : processed;
  }

  private static List<Integer> added(JsonNode processor) {
    List<Integer> ids = new ArrayList<>();
    switch (processor.path("type").asText()) {
      case "", "ByteLevel" -> {}
      case "Sequence" -> processor.path("processors").forEach(step -> ids.addAll(0, added(step)));
      case "BertProcessing", "RobertaProcessing" ->
          ids.add(TokenizerDefinition.id(processor.path("cls").path(1), "post_processor.cls"));
      case "TemplateProcessing" -> addTemplate(processor, ids);
      default ->
          throw new ModelFormatException(
              "tokenizer.json has the post_processor "
                  + processor.path("type")
                  + "; supported are ByteLevel, TemplateProcessing, BertProcessing,"
                  + " RobertaProcessing and sequences of them");
    }
    return ids;
  }

  private static void addTemplate(JsonNode processor, List<Integer> target) {
    for (JsonNode piece : processor.path("single")) {
      if (piece.has("Sequence")) {
        return;
      }
      String token = piece.path("SpecialToken").path("id").asText();
      JsonNode ids = processor.path("special_tokens").path(token).path("ids");
      if (ids.isEmpty()) {
        throw new ModelFormatException(
            "tokenizer.json, post_processor: \"" + token + "\" has no ids in special_tokens");
      }
      ids.forEach(id -> target.add(TokenizerDefinition.id(id, "post_processor.special_tokens")));
    }
  }
}
