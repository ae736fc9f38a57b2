package io.nightshift.job.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** Reads the JSON that settings hold values with types in. */
final class JsonText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonText() {}

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not what YamlValues has written: " + json, e);
    }
  }

  /** The value as null, Boolean, Number, String, List or Map. */
  static @Nullable Object value(String json) {
    return JSON.convertValue(tree(json), Object.class);
  }
}
