package io.nightshift.job.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * The enums and booleans of a JSON schema: those of the answer itself, and of objects in it at any
 * depth, but not of the items of arrays.
 */
final class EnumeratedFields {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** References that are followed to reach a field, since a schema may be recursive. */
  private static final int MAX_REFERENCES = 20;

  private final Map<String, List<JsonNode>> fields = new LinkedHashMap<>();
  private final JsonNode document;

  private EnumeratedFields(JsonNode document) {
    this.document = document;
  }

  /**
   * Finds the fields of a schema.
   *
   * @return the values of each field, by its JSON pointer in the answer
   */
  static Map<String, List<JsonNode>> of(String schema) {
    try {
      EnumeratedFields found = new EnumeratedFields(JSON.readTree(schema));
      found.find(found.document, "", 0);
      return found.fields;
    } catch (JsonProcessingException e) {
      return Map.of(); // The compilation of the schema says what is wrong with it.
    }
  }

  private void find(JsonNode schema, String pointer, int references) {
    String reference = schema.path("$ref").asText();
    if (reference.startsWith("#") && references < MAX_REFERENCES) {
      find(document.at(reference.substring(1)), pointer, references + 1);
    }
    if (schema.path("enum").isArray()) {
      fields.put(pointer, StreamSupport.stream(schema.get("enum").spliterator(), false).toList());
    } else if (schema.path("type").asText().equals("boolean")) {
      fields.put(
          pointer,
          List.of(
              JSON.getNodeFactory().booleanNode(true), JSON.getNodeFactory().booleanNode(false)));
    }
    schema.path("allOf").forEach(part -> find(part, pointer, references));
    schema
        .path("properties")
        .fields()
        .forEachRemaining(
            property ->
                find(property.getValue(), pointer + "/" + escape(property.getKey()), references));
  }

  private static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
