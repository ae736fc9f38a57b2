package io.nightshift.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.ModelFormatException;
import java.util.Map;

/**
 * An entry of {@code added_tokens}: a token that is found in the text before the model sees it.
 *
 * @param content the text that stands for it
 * @param special whether it is a control token: recognised in prompts only, left out of decoded
 *     text
 * @param normalized whether it is looked for in normalized text
 * @param leftStrip whether it swallows whitespace in front of it
 * @param rightStrip whether it swallows whitespace behind it
 * @param singleWord whether it is recognised only where no word character touches it
 */
record AddedToken(
    int id,
    String content,
    boolean special,
    boolean normalized,
    boolean leftStrip,
    boolean rightStrip,
    boolean singleWord) {

  /**
   * Reads an entry of {@code added_tokens}. As in Hugging Face, a content that the model's
   * vocabulary has too keeps its id there.
   */
  static AddedToken of(JsonNode json, Map<String, Integer> vocabulary) {
    int id = TokenizerDefinition.id(json.path("id"), "added_tokens");
    String content = json.path("content").asText();
    if (content.isEmpty()) {
      throw new ModelFormatException(
          "tokenizer.json, added_tokens: expected a content, found " + json);
    }
    return new AddedToken(
        vocabulary.getOrDefault(content, id),
        content,
        json.path("special").asBoolean(),
        json.path("normalized").asBoolean(),
        json.path("lstrip").asBoolean(),
        json.path("rstrip").asBoolean(),
        json.path("single_word").asBoolean());
  }
}
