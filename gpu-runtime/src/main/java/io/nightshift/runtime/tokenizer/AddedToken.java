package io.nightshift.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.ModelFormatException;
import java.util.Map;

/**
 * An entry of {@code added_tokens}: a token that is matched in the text before the tokenizer's
 * model is applied.
 *
 * @param content text of the token
 * @param special whether it is a control token: recognized only in prompts, omitted from decoded
 *     text
 * @param normalized whether it is matched in normalized text
 * @param leftStrip whether it includes the whitespace before it
 * @param rightStrip whether it includes the whitespace after it
 * @param singleWord whether it is recognized only if no word character is adjacent to it
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
   * Reads an entry of {@code added_tokens}. As in Hugging Face, a token that is in the model's
   * vocabulary too has its id from there.
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
