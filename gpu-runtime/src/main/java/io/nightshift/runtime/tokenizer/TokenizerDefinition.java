package io.nightshift.runtime.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.model.ModelFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of a {@code tokenizer.json} that Nightshift itself reads.
 *
 * @param json the whole document
 * @param addedTokens in the order of the file
 * @param vocabulary ids by content, added tokens included
 * @param vocabularySize one more than the largest id
 */
record TokenizerDefinition(
    ObjectNode json,
    List<AddedToken> addedTokens,
    Map<String, Integer> vocabulary,
    int vocabularySize) {

  /** Many times the largest known vocabulary. A larger id is a defect and would waste memory. */
  private static final int MAX_ID = 1 << 22;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * @throws ModelFormatException if the text is not a valid tokenizer.json, or its model is neither
   *     BPE nor Unigram
   */
  static TokenizerDefinition parse(String json) {
    try {
      if (MAPPER.readTree(json) instanceof ObjectNode object) {
        return of(object);
      }
      throw new ModelFormatException("tokenizer.json: expected a JSON object");
    } catch (JsonProcessingException e) {
      throw new ModelFormatException("tokenizer.json is no valid JSON: " + e.getMessage(), e);
    }
  }

  static TokenizerDefinition of(ObjectNode json) {
    Map<String, Integer> vocabulary = modelVocabulary(json.path("model"));
    List<AddedToken> addedTokens = new ArrayList<>();
    for (JsonNode added : json.path("added_tokens")) {
      AddedToken token = AddedToken.of(added, vocabulary);
      addedTokens.add(token);
      vocabulary.put(token.content(), token.id());
    }
    int largest = vocabulary.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    return new TokenizerDefinition(
        json, List.copyOf(addedTokens), Map.copyOf(vocabulary), largest + 1);
  }

  /** Whether the model is Unigram (Kudo, 2018); otherwise it is BPE (Sennrich et al., 2016). */
  static boolean isUnigram(JsonNode model) {
    return model.path("vocab").isArray();
  }

  /**
   * Reads a token id.
   *
   * @param place where the value is, for the error message
   */
  static int id(JsonNode value, String place) {
    if (!value.canConvertToInt() || value.asInt() < 0 || value.asInt() > MAX_ID) {
      throw new ModelFormatException(
          "tokenizer.json, " + place + ": expected an id from 0 to " + MAX_ID + ", found " + value);
    }
    return value.asInt();
  }

  private static Map<String, Integer> modelVocabulary(JsonNode model) {
    Map<String, Integer> vocabulary = new HashMap<>();
    JsonNode entries = model.path("vocab");
    if (isUnigram(model)) {
      for (int id = 0; id < entries.size(); id++) {
        vocabulary.put(entries.get(id).path(0).asText(), id);
      }
    } else if (entries.isObject() && model.has("merges")) {
      entries
          .properties()
          .forEach(entry -> vocabulary.put(entry.getKey(), id(entry.getValue(), "model.vocab")));
    } else {
      throw new ModelFormatException(
          "tokenizer.json has a model of type "
              + model.path("type").asText("(none)")
              + "; supported are BPE and Unigram");
    }
    return vocabulary;
  }
}
